// @ts-nocheck
// Generated from schemas/trust.schema.json by tools/compile-schemas.mjs; do not edit.
/** What a failed keyword says. */
export interface SchemaIssue {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The schema that holds the keyword; for the schemas compiled to stop at the first issue. */
  readonly parentSchema?: Readonly<Record<string, unknown>>;
  /** Where the keyword is about the name of a member. */
  readonly propertyName?: string;
}

/** Issues of `value` under the schema, or null where there are none. */
export function schemaIssues(value: unknown): readonly SchemaIssue[] | null {
  return compiled(value) ? null : compiled.errors;
}

function codePoints(text) {
  let count = text.length;
  for (let index = 1; index < text.length; index += 1) {
    const isLow = (text.charCodeAt(index) & 0xfc00) === 0xdc00;
    if (isLow && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800) count -= 1;
  }
  return count;
}

const compiled = validate20;

const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"urn:writ:schema:trust:1","title":"Trust policy, version 1","description":"Whose signatures a verifier believes, for what, under which suites, until when. Dates are data: instants in RFC 3339 with Z.","type":"object","additionalProperties":false,"required":["version","sequence","expires","signers","suites"],"properties":{"version":{"const":1},"name":{"type":"string","minLength":1},"sequence":{"type":"integer","minimum":0},"expires":{"$ref":"#/$defs/instant"},"signers":{"type":"array","minItems":1,"items":{"type":"object","additionalProperties":false,"required":["authority","suite","role","keys"],"properties":{"authority":{"$ref":"#/$defs/uri"},"suite":{"$ref":"#/$defs/suite"},"role":{"enum":["issue","policy","derive","anchor","receipt","status","approve","hold"]},"keys":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"object","additionalProperties":false,"required":["thumbprint","publicKey"],"properties":{"thumbprint":{"type":"string","pattern":"^[0-9a-f]{64}$"},"publicKey":{"type":"string","pattern":"^[A-Za-z0-9_-]+$"}}}},"scope":{"type":"array","minItems":1,"items":{"type":"string","minLength":1}},"notBefore":{"$ref":"#/$defs/instant"},"notAfter":{"$ref":"#/$defs/instant"},"trustedTime":{"type":"boolean"},"invalidSince":{"$ref":"#/$defs/instant"}}}},"recipientKeys":{"type":"array","minItems":1,"items":{"type":"object","additionalProperties":false,"required":["uri","kind","publicKey"],"properties":{"uri":{"$ref":"#/$defs/uri"},"kind":{"enum":["x-wing","ml-kem-768","ml-kem-1024"]},"publicKey":{"type":"string","pattern":"^[A-Za-z0-9_-]+$"},"notBefore":{"$ref":"#/$defs/instant"},"notAfter":{"$ref":"#/$defs/instant"}}}},"suites":{"type":"object","minProperties":1,"propertyNames":{"$ref":"#/$defs/suite"},"additionalProperties":{"type":"object","additionalProperties":false,"properties":{"signUntil":{"$ref":"#/$defs/instant"},"verifyUntil":{"$ref":"#/$defs/instant"}}}},"required":{"type":"array","minItems":1,"items":{"type":"object","additionalProperties":false,"required":["from","suites","stage"],"properties":{"from":{"$ref":"#/$defs/instant"},"suites":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/suite"}},"authorities":{"type":"integer","minimum":1},"stage":{"enum":["enforce","report-only"]}}}},"demands":{"type":"array","minItems":1,"items":{"type":"object","additionalProperties":false,"required":["classifications"],"properties":{"classifications":{"type":"array","minItems":1,"items":{"enum":["public","internal","confidential","restricted"]}},"status":{"type":"boolean"},"parents":{"type":"boolean"},"receipts":{"type":"boolean"}}}},"acceptUnknownLaterAnchors":{"type":"boolean"}},"$defs":{"instant":{"type":"string","pattern":"^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"},"uri":{"type":"string","pattern":"^[a-z][a-z0-9+.-]*:[^\\s]+$"},"suite":{"type":"string","pattern":"^[a-z0-9]+(\\+[a-z0-9]+)?$"}}};
const schema32 = {"type":"string","pattern":"^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"};
const schema33 = {"type":"string","pattern":"^[a-z][a-z0-9+.-]*:[^\\s]+$"};
const schema34 = {"type":"string","pattern":"^[a-z0-9]+(\\+[a-z0-9]+)?$"};
const func1 = Object.prototype.hasOwnProperty;
const func2 = codePoints;
const pattern4 = new RegExp("^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$", "u");
const pattern5 = new RegExp("^[a-z][a-z0-9+.-]*:[^\\s]+$", "u");
const pattern6 = new RegExp("^[a-z0-9]+(\\+[a-z0-9]+)?$", "u");
const pattern7 = new RegExp("^[0-9a-f]{64}$", "u");
const pattern8 = new RegExp("^[A-Za-z0-9_-]+$", "u");

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="urn:writ:schema:trust:1" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.version === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "version"},message:"must have required property '"+"version"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.sequence === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "sequence"},message:"must have required property '"+"sequence"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.expires === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "expires"},message:"must have required property '"+"expires"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.signers === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "signers"},message:"must have required property '"+"signers"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.suites === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "suites"},message:"must have required property '"+"suites"+"'"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data){
if(!(func1.call(schema31.properties, key0))){
const err5 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.version !== undefined){
if(1 !== data.version){
const err6 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/const",keyword:"const",params:{allowedValue: 1},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.name !== undefined){
let data1 = data.name;
if(typeof data1 === "string"){
if(func2(data1) < 1){
const err7 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.sequence !== undefined){
let data2 = data.sequence;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
const err9 = {instancePath:instancePath+"/sequence",schemaPath:"#/properties/sequence/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
const err10 = {instancePath:instancePath+"/sequence",schemaPath:"#/properties/sequence/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
if(data.expires !== undefined){
let data3 = data.expires;
if(typeof data3 === "string"){
if(!pattern4.test(data3)){
const err11 = {instancePath:instancePath+"/expires",schemaPath:"#/$defs/instant/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"},message:"must match pattern \""+"^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"+"\""};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/expires",schemaPath:"#/$defs/instant/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.signers !== undefined){
let data4 = data.signers;
if(Array.isArray(data4)){
if(data4.length < 1){
const err13 = {instancePath:instancePath+"/signers",schemaPath:"#/properties/signers/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
let data5 = data4[i0];
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
if(data5.authority === undefined){
const err14 = {instancePath:instancePath+"/signers/" + i0,schemaPath:"#/properties/signers/items/required",keyword:"required",params:{missingProperty: "authority"},message:"must have required property '"+"authority"+"'"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(data5.suite === undefined){
const err15 = {instancePath:instancePath+"/signers/" + i0,schemaPath:"#/properties/signers/items/required",keyword:"required",params:{missingProperty: "suite"},message:"must have required property '"+"suite"+"'"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data5.role === undefined){
const err16 = {instancePath:instancePath+"/signers/" + i0,schemaPath:"#/properties/signers/items/required",keyword:"required",params:{missingProperty: "role"},message:"must have required property '"+"role"+"'"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(data5.keys === undefined){
const err17 = {instancePath:instancePath+"/signers/" + i0,schemaPath:"#/properties/signers/items/required",keyword:"required",params:{missingProperty: "keys"},message:"must have required property '"+"keys"+"'"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
for(const key1 in data5){
if(!(func1.call(schema31.properties.signers.items.properties, key1))){
const err18 = {instancePath:instancePath+"/signers/" + i0,schemaPath:"#/properties/signers/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data5.authority !== undefined){
let data6 = data5.authority;
if(typeof data6 === "string"){
if(!pattern5.test(data6)){
const err19 = {instancePath:instancePath+"/signers/" + i0+"/authority",schemaPath:"#/$defs/uri/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9+.-]*:[^\\s]+$"},message:"must match pattern \""+"^[a-z][a-z0-9+.-]*:[^\\s]+$"+"\""};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/signers/" + i0+"/authority",schemaPath:"#/$defs/uri/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data5.suite !== undefined){
let data7 = data5.suite;
if(typeof data7 === "string"){
if(!pattern6.test(data7)){
const err21 = {instancePath:instancePath+"/signers/" + i0+"/suite",schemaPath:"#/$defs/suite/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]+(\\+[a-z0-9]+)?$"},message:"must match pattern \""+"^[a-z0-9]+(\\+[a-z0-9]+)?$"+"\""};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
else {
const err22 = {instancePath:instancePath+"/signers/" + i0+"/suite",schemaPath:"#/$defs/suite/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data5.role !== undefined){
let data8 = data5.role;
if(!((((((((data8 === "issue") || (data8 === "policy")) || (data8 === "derive")) || (data8 === "anchor")) || (data8 === "receipt")) || (data8 === "status")) || (data8 === "approve")) || (data8 === "hold"))){
const err23 = {instancePath:instancePath+"/signers/" + i0+"/role",schemaPath:"#/properties/signers/items/properties/role/enum",keyword:"enum",params:{allowedValues: schema31.properties.signers.items.properties.role.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data5.keys !== undefined){
let data9 = data5.keys;
if(Array.isArray(data9)){
if(data9.length > 2){
const err24 = {instancePath:instancePath+"/signers/" + i0+"/keys",schemaPath:"#/properties/signers/items/properties/keys/maxItems",keyword:"maxItems",params:{limit: 2},message:"must NOT have more than 2 items"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(data9.length < 1){
const err25 = {instancePath:instancePath+"/signers/" + i0+"/keys",schemaPath:"#/properties/signers/items/properties/keys/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
const len1 = data9.length;
for(let i1=0; i1<len1; i1++){
let data10 = data9[i1];
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
if(data10.thumbprint === undefined){
const err26 = {instancePath:instancePath+"/signers/" + i0+"/keys/" + i1,schemaPath:"#/properties/signers/items/properties/keys/items/required",keyword:"required",params:{missingProperty: "thumbprint"},message:"must have required property '"+"thumbprint"+"'"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if(data10.publicKey === undefined){
const err27 = {instancePath:instancePath+"/signers/" + i0+"/keys/" + i1,schemaPath:"#/properties/signers/items/properties/keys/items/required",keyword:"required",params:{missingProperty: "publicKey"},message:"must have required property '"+"publicKey"+"'"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
for(const key2 in data10){
if(!((key2 === "thumbprint") || (key2 === "publicKey"))){
const err28 = {instancePath:instancePath+"/signers/" + i0+"/keys/" + i1,schemaPath:"#/properties/signers/items/properties/keys/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data10.thumbprint !== undefined){
let data11 = data10.thumbprint;
if(typeof data11 === "string"){
if(!pattern7.test(data11)){
const err29 = {instancePath:instancePath+"/signers/" + i0+"/keys/" + i1+"/thumbprint",schemaPath:"#/properties/signers/items/properties/keys/items/properties/thumbprint/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"},message:"must match pattern \""+"^[0-9a-f]{64}$"+"\""};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
else {
const err30 = {instancePath:instancePath+"/signers/" + i0+"/keys/" + i1+"/thumbprint",schemaPath:"#/properties/signers/items/properties/keys/items/properties/thumbprint/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data10.publicKey !== undefined){
let data12 = data10.publicKey;
if(typeof data12 === "string"){
if(!pattern8.test(data12)){
const err31 = {instancePath:instancePath+"/signers/" + i0+"/keys/" + i1+"/publicKey",schemaPath:"#/properties/signers/items/properties/keys/items/properties/publicKey/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_-]+$"},message:"must match pattern \""+"^[A-Za-z0-9_-]+$"+"\""};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
else {
const err32 = {instancePath:instancePath+"/signers/" + i0+"/keys/" + i1+"/publicKey",schemaPath:"#/properties/signers/items/properties/keys/items/properties/publicKey/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
}
else {
const err33 = {instancePath:instancePath+"/signers/" + i0+"/keys/" + i1,schemaPath:"#/properties/signers/items/properties/keys/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
}
else {
const err34 = {instancePath:instancePath+"/signers/" + i0+"/keys",schemaPath:"#/properties/signers/items/properties/keys/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data5.scope !== undefined){
let data13 = data5.scope;
if(Array.isArray(data13)){
if(data13.length < 1){
const err35 = {instancePath:instancePath+"/signers/" + i0+"/scope",schemaPath:"#/properties/signers/items/properties/scope/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
const len2 = data13.length;
for(let i2=0; i2<len2; i2++){
let data14 = data13[i2];
if(typeof data14 === "string"){
if(func2(data14) < 1){
const err36 = {instancePath:instancePath+"/signers/" + i0+"/scope/" + i2,schemaPath:"#/properties/signers/items/properties/scope/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
else {
const err37 = {instancePath:instancePath+"/signers/" + i0+"/scope/" + i2,schemaPath:"#/properties/signers/items/properties/scope/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
}
else {
const err38 = {instancePath:instancePath+"/signers/" + i0+"/scope",schemaPath:"#/properties/signers/items/properties/scope/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data5.notBefore !== undefined){
let data15 = data5.notBefore;
if(typeof data15 === "string"){
if(!pattern4.test(data15)){
const err39 = {instancePath:instancePath+"/signers/" + i0+"/notBefore",schemaPath:"#/$defs/instant/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"},message:"must match pattern \""+"^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"+"\""};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
else {
const err40 = {instancePath:instancePath+"/signers/" + i0+"/notBefore",schemaPath:"#/$defs/instant/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(data5.notAfter !== undefined){
let data16 = data5.notAfter;
if(typeof data16 === "string"){
if(!pattern4.test(data16)){
const err41 = {instancePath:instancePath+"/signers/" + i0+"/notAfter",schemaPath:"#/$defs/instant/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"},message:"must match pattern \""+"^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"+"\""};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
else {
const err42 = {instancePath:instancePath+"/signers/" + i0+"/notAfter",schemaPath:"#/$defs/instant/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
if(data5.trustedTime !== undefined){
if(typeof data5.trustedTime !== "boolean"){
const err43 = {instancePath:instancePath+"/signers/" + i0+"/trustedTime",schemaPath:"#/properties/signers/items/properties/trustedTime/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
if(data5.invalidSince !== undefined){
let data18 = data5.invalidSince;
if(typeof data18 === "string"){
if(!pattern4.test(data18)){
const err44 = {instancePath:instancePath+"/signers/" + i0+"/invalidSince",schemaPath:"#/$defs/instant/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"},message:"must match pattern \""+"^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"+"\""};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
else {
const err45 = {instancePath:instancePath+"/signers/" + i0+"/invalidSince",schemaPath:"#/$defs/instant/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
}
else {
const err46 = {instancePath:instancePath+"/signers/" + i0,schemaPath:"#/properties/signers/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
}
else {
const err47 = {instancePath:instancePath+"/signers",schemaPath:"#/properties/signers/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
if(data.recipientKeys !== undefined){
let data19 = data.recipientKeys;
if(Array.isArray(data19)){
if(data19.length < 1){
const err48 = {instancePath:instancePath+"/recipientKeys",schemaPath:"#/properties/recipientKeys/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
const len3 = data19.length;
for(let i3=0; i3<len3; i3++){
let data20 = data19[i3];
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
if(data20.uri === undefined){
const err49 = {instancePath:instancePath+"/recipientKeys/" + i3,schemaPath:"#/properties/recipientKeys/items/required",keyword:"required",params:{missingProperty: "uri"},message:"must have required property '"+"uri"+"'"};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if(data20.kind === undefined){
const err50 = {instancePath:instancePath+"/recipientKeys/" + i3,schemaPath:"#/properties/recipientKeys/items/required",keyword:"required",params:{missingProperty: "kind"},message:"must have required property '"+"kind"+"'"};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
if(data20.publicKey === undefined){
const err51 = {instancePath:instancePath+"/recipientKeys/" + i3,schemaPath:"#/properties/recipientKeys/items/required",keyword:"required",params:{missingProperty: "publicKey"},message:"must have required property '"+"publicKey"+"'"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
for(const key3 in data20){
if(!(((((key3 === "uri") || (key3 === "kind")) || (key3 === "publicKey")) || (key3 === "notBefore")) || (key3 === "notAfter"))){
const err52 = {instancePath:instancePath+"/recipientKeys/" + i3,schemaPath:"#/properties/recipientKeys/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
if(data20.uri !== undefined){
let data21 = data20.uri;
if(typeof data21 === "string"){
if(!pattern5.test(data21)){
const err53 = {instancePath:instancePath+"/recipientKeys/" + i3+"/uri",schemaPath:"#/$defs/uri/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9+.-]*:[^\\s]+$"},message:"must match pattern \""+"^[a-z][a-z0-9+.-]*:[^\\s]+$"+"\""};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
else {
const err54 = {instancePath:instancePath+"/recipientKeys/" + i3+"/uri",schemaPath:"#/$defs/uri/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
if(data20.kind !== undefined){
let data22 = data20.kind;
if(!(((data22 === "x-wing") || (data22 === "ml-kem-768")) || (data22 === "ml-kem-1024"))){
const err55 = {instancePath:instancePath+"/recipientKeys/" + i3+"/kind",schemaPath:"#/properties/recipientKeys/items/properties/kind/enum",keyword:"enum",params:{allowedValues: schema31.properties.recipientKeys.items.properties.kind.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
if(data20.publicKey !== undefined){
let data23 = data20.publicKey;
if(typeof data23 === "string"){
if(!pattern8.test(data23)){
const err56 = {instancePath:instancePath+"/recipientKeys/" + i3+"/publicKey",schemaPath:"#/properties/recipientKeys/items/properties/publicKey/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_-]+$"},message:"must match pattern \""+"^[A-Za-z0-9_-]+$"+"\""};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
else {
const err57 = {instancePath:instancePath+"/recipientKeys/" + i3+"/publicKey",schemaPath:"#/properties/recipientKeys/items/properties/publicKey/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
if(data20.notBefore !== undefined){
let data24 = data20.notBefore;
if(typeof data24 === "string"){
if(!pattern4.test(data24)){
const err58 = {instancePath:instancePath+"/recipientKeys/" + i3+"/notBefore",schemaPath:"#/$defs/instant/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"},message:"must match pattern \""+"^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"+"\""};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
else {
const err59 = {instancePath:instancePath+"/recipientKeys/" + i3+"/notBefore",schemaPath:"#/$defs/instant/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
if(data20.notAfter !== undefined){
let data25 = data20.notAfter;
if(typeof data25 === "string"){
if(!pattern4.test(data25)){
const err60 = {instancePath:instancePath+"/recipientKeys/" + i3+"/notAfter",schemaPath:"#/$defs/instant/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"},message:"must match pattern \""+"^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"+"\""};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
else {
const err61 = {instancePath:instancePath+"/recipientKeys/" + i3+"/notAfter",schemaPath:"#/$defs/instant/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
}
else {
const err62 = {instancePath:instancePath+"/recipientKeys/" + i3,schemaPath:"#/properties/recipientKeys/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
}
else {
const err63 = {instancePath:instancePath+"/recipientKeys",schemaPath:"#/properties/recipientKeys/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
if(data.suites !== undefined){
let data26 = data.suites;
if(data26 && typeof data26 == "object" && !Array.isArray(data26)){
if(Object.keys(data26).length < 1){
const err64 = {instancePath:instancePath+"/suites",schemaPath:"#/properties/suites/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties"};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
for(const key4 in data26){
const _errs65 = errors;
if(typeof key4 === "string"){
if(!pattern6.test(key4)){
const err65 = {instancePath:instancePath+"/suites",schemaPath:"#/$defs/suite/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]+(\\+[a-z0-9]+)?$"},message:"must match pattern \""+"^[a-z0-9]+(\\+[a-z0-9]+)?$"+"\"",propertyName:key4};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
else {
const err66 = {instancePath:instancePath+"/suites",schemaPath:"#/$defs/suite/type",keyword:"type",params:{type: "string"},message:"must be string",propertyName:key4};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
var valid21 = _errs65 === errors;
if(!valid21){
const err67 = {instancePath:instancePath+"/suites",schemaPath:"#/properties/suites/propertyNames",keyword:"propertyNames",params:{propertyName: key4},message:"property name must be valid"};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
for(const key5 in data26){
let data27 = data26[key5];
if(data27 && typeof data27 == "object" && !Array.isArray(data27)){
for(const key6 in data27){
if(!((key6 === "signUntil") || (key6 === "verifyUntil"))){
const err68 = {instancePath:instancePath+"/suites/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/suites/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
if(data27.signUntil !== undefined){
let data28 = data27.signUntil;
if(typeof data28 === "string"){
if(!pattern4.test(data28)){
const err69 = {instancePath:instancePath+"/suites/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/signUntil",schemaPath:"#/$defs/instant/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"},message:"must match pattern \""+"^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"+"\""};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
else {
const err70 = {instancePath:instancePath+"/suites/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/signUntil",schemaPath:"#/$defs/instant/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
if(data27.verifyUntil !== undefined){
let data29 = data27.verifyUntil;
if(typeof data29 === "string"){
if(!pattern4.test(data29)){
const err71 = {instancePath:instancePath+"/suites/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/verifyUntil",schemaPath:"#/$defs/instant/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"},message:"must match pattern \""+"^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"+"\""};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
else {
const err72 = {instancePath:instancePath+"/suites/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/verifyUntil",schemaPath:"#/$defs/instant/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
}
else {
const err73 = {instancePath:instancePath+"/suites/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/suites/additionalProperties/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
}
else {
const err74 = {instancePath:instancePath+"/suites",schemaPath:"#/properties/suites/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
if(data.required !== undefined){
let data30 = data.required;
if(Array.isArray(data30)){
if(data30.length < 1){
const err75 = {instancePath:instancePath+"/required",schemaPath:"#/properties/required/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
const len4 = data30.length;
for(let i4=0; i4<len4; i4++){
let data31 = data30[i4];
if(data31 && typeof data31 == "object" && !Array.isArray(data31)){
if(data31.from === undefined){
const err76 = {instancePath:instancePath+"/required/" + i4,schemaPath:"#/properties/required/items/required",keyword:"required",params:{missingProperty: "from"},message:"must have required property '"+"from"+"'"};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
if(data31.suites === undefined){
const err77 = {instancePath:instancePath+"/required/" + i4,schemaPath:"#/properties/required/items/required",keyword:"required",params:{missingProperty: "suites"},message:"must have required property '"+"suites"+"'"};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
if(data31.stage === undefined){
const err78 = {instancePath:instancePath+"/required/" + i4,schemaPath:"#/properties/required/items/required",keyword:"required",params:{missingProperty: "stage"},message:"must have required property '"+"stage"+"'"};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
for(const key7 in data31){
if(!((((key7 === "from") || (key7 === "suites")) || (key7 === "authorities")) || (key7 === "stage"))){
const err79 = {instancePath:instancePath+"/required/" + i4,schemaPath:"#/properties/required/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
if(data31.from !== undefined){
let data32 = data31.from;
if(typeof data32 === "string"){
if(!pattern4.test(data32)){
const err80 = {instancePath:instancePath+"/required/" + i4+"/from",schemaPath:"#/$defs/instant/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"},message:"must match pattern \""+"^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$"+"\""};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
else {
const err81 = {instancePath:instancePath+"/required/" + i4+"/from",schemaPath:"#/$defs/instant/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
if(data31.suites !== undefined){
let data33 = data31.suites;
if(Array.isArray(data33)){
if(data33.length < 1){
const err82 = {instancePath:instancePath+"/required/" + i4+"/suites",schemaPath:"#/properties/required/items/properties/suites/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
const len5 = data33.length;
for(let i5=0; i5<len5; i5++){
let data34 = data33[i5];
if(typeof data34 === "string"){
if(!pattern6.test(data34)){
const err83 = {instancePath:instancePath+"/required/" + i4+"/suites/" + i5,schemaPath:"#/$defs/suite/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]+(\\+[a-z0-9]+)?$"},message:"must match pattern \""+"^[a-z0-9]+(\\+[a-z0-9]+)?$"+"\""};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
else {
const err84 = {instancePath:instancePath+"/required/" + i4+"/suites/" + i5,schemaPath:"#/$defs/suite/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
}
else {
const err85 = {instancePath:instancePath+"/required/" + i4+"/suites",schemaPath:"#/properties/required/items/properties/suites/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
if(data31.authorities !== undefined){
let data35 = data31.authorities;
if(!(((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35))) && (isFinite(data35)))){
const err86 = {instancePath:instancePath+"/required/" + i4+"/authorities",schemaPath:"#/properties/required/items/properties/authorities/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
if((typeof data35 == "number") && (isFinite(data35))){
if(data35 < 1 || isNaN(data35)){
const err87 = {instancePath:instancePath+"/required/" + i4+"/authorities",schemaPath:"#/properties/required/items/properties/authorities/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
}
if(data31.stage !== undefined){
let data36 = data31.stage;
if(!((data36 === "enforce") || (data36 === "report-only"))){
const err88 = {instancePath:instancePath+"/required/" + i4+"/stage",schemaPath:"#/properties/required/items/properties/stage/enum",keyword:"enum",params:{allowedValues: schema31.properties.required.items.properties.stage.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
}
else {
const err89 = {instancePath:instancePath+"/required/" + i4,schemaPath:"#/properties/required/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
}
else {
const err90 = {instancePath:instancePath+"/required",schemaPath:"#/properties/required/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
if(data.demands !== undefined){
let data37 = data.demands;
if(Array.isArray(data37)){
if(data37.length < 1){
const err91 = {instancePath:instancePath+"/demands",schemaPath:"#/properties/demands/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
const len6 = data37.length;
for(let i6=0; i6<len6; i6++){
let data38 = data37[i6];
if(data38 && typeof data38 == "object" && !Array.isArray(data38)){
if(data38.classifications === undefined){
const err92 = {instancePath:instancePath+"/demands/" + i6,schemaPath:"#/properties/demands/items/required",keyword:"required",params:{missingProperty: "classifications"},message:"must have required property '"+"classifications"+"'"};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
for(const key8 in data38){
if(!((((key8 === "classifications") || (key8 === "status")) || (key8 === "parents")) || (key8 === "receipts"))){
const err93 = {instancePath:instancePath+"/demands/" + i6,schemaPath:"#/properties/demands/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
if(data38.classifications !== undefined){
let data39 = data38.classifications;
if(Array.isArray(data39)){
if(data39.length < 1){
const err94 = {instancePath:instancePath+"/demands/" + i6+"/classifications",schemaPath:"#/properties/demands/items/properties/classifications/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
const len7 = data39.length;
for(let i7=0; i7<len7; i7++){
let data40 = data39[i7];
if(!((((data40 === "public") || (data40 === "internal")) || (data40 === "confidential")) || (data40 === "restricted"))){
const err95 = {instancePath:instancePath+"/demands/" + i6+"/classifications/" + i7,schemaPath:"#/properties/demands/items/properties/classifications/items/enum",keyword:"enum",params:{allowedValues: schema31.properties.demands.items.properties.classifications.items.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
}
else {
const err96 = {instancePath:instancePath+"/demands/" + i6+"/classifications",schemaPath:"#/properties/demands/items/properties/classifications/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
if(data38.status !== undefined){
if(typeof data38.status !== "boolean"){
const err97 = {instancePath:instancePath+"/demands/" + i6+"/status",schemaPath:"#/properties/demands/items/properties/status/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
if(data38.parents !== undefined){
if(typeof data38.parents !== "boolean"){
const err98 = {instancePath:instancePath+"/demands/" + i6+"/parents",schemaPath:"#/properties/demands/items/properties/parents/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
if(data38.receipts !== undefined){
if(typeof data38.receipts !== "boolean"){
const err99 = {instancePath:instancePath+"/demands/" + i6+"/receipts",schemaPath:"#/properties/demands/items/properties/receipts/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
}
else {
const err100 = {instancePath:instancePath+"/demands/" + i6,schemaPath:"#/properties/demands/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
}
else {
const err101 = {instancePath:instancePath+"/demands",schemaPath:"#/properties/demands/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
if(data.acceptUnknownLaterAnchors !== undefined){
if(typeof data.acceptUnknownLaterAnchors !== "boolean"){
const err102 = {instancePath:instancePath+"/acceptUnknownLaterAnchors",schemaPath:"#/properties/acceptUnknownLaterAnchors/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
}
}
else {
const err103 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
