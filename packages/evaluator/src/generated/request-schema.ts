// @ts-nocheck
// Generated from schemas/request.schema.json by tools/compile-schemas.mjs; do not edit.
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

const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"urn:writ:schema:request:1","title":"Writ decision request, version 1","description":"Omitted = unknown, null = known to be absent. spec/4-decisions.md, REQ-3 to REQ-6.","type":"object","properties":{"operation":{"description":"One of the 19, or the IRI of an extension operation.","type":"string","pattern":"^(?:read|transform|aggregate|derive|infer|train|profile|log|store|copy|share|disclose|transfer|export|anonymise|pseudonymise|delete|declassify|delegate)$|^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$","maxLength":512},"purposes":{"type":"array","items":{"$ref":"#/$defs/term"},"maxItems":8},"principal":{"$ref":"#/$defs/principal"},"region":{"anyOf":[{"$ref":"#/$defs/region"},{"type":"null"}]},"destination":{"anyOf":[{"type":"object","properties":{"party":{"anyOf":[{"$ref":"#/$defs/text"},{"type":"null"}]},"region":{"anyOf":[{"$ref":"#/$defs/region"},{"type":"null"}]}},"additionalProperties":false},{"type":"null"}]},"output":{"type":"object","properties":{"k":{"anyOf":[{"type":"integer"},{"type":"null"}]}},"propertyNames":{"pattern":"^[a-z][A-Za-z0-9_]{0,63}$"},"additionalProperties":true,"maxProperties":64},"facts":{"type":"object","propertyNames":{"$ref":"#/$defs/iri"},"additionalProperties":true,"maxProperties":64}},"additionalProperties":false,"required":["operation","purposes","principal"],"allOf":[{"if":{"properties":{"operation":{"enum":["share","disclose","transfer","export","delegate"]}}},"else":{"properties":{"destination":false}}},{"if":{"properties":{"operation":{"not":{"const":"delete"}}}},"then":{"properties":{"purposes":{"type":"array","minItems":1}}}}],"$defs":{"iri":{"type":"string","pattern":"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$","maxLength":512},"term":{"description":"A full IRI, or prefix:name by the closed table of prefixes.","type":"string","pattern":"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$","maxLength":512},"text":{"type":"string","minLength":1,"maxLength":512},"region":{"type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$"},"principal":{"type":"object","properties":{"id":{"$ref":"#/$defs/text"},"kind":{"type":"string","enum":["service","human","agent"]},"roles":{"anyOf":[{"type":"array","items":{"$ref":"#/$defs/text"},"minItems":0,"maxItems":64,"uniqueItems":false},{"type":"null"}]},"org":{"anyOf":[{"$ref":"#/$defs/text"},{"type":"null"}]},"clearance":{"anyOf":[{"type":"string","enum":["public","internal","confidential","restricted"]},{"type":"null"}]},"actingFor":{"anyOf":[{"$ref":"#/$defs/principal"},{"type":"null"}]}},"additionalProperties":false,"required":["id","kind"],"if":{"properties":{"kind":{"const":"agent"}}},"else":{"properties":{"actingFor":{"const":null}}}}}};
const schema32 = {"description":"A full IRI, or prefix:name by the closed table of prefixes.","type":"string","pattern":"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$","maxLength":512};
const schema37 = {"type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$"};
const schema34 = {"type":"string","minLength":1,"maxLength":512};
const schema40 = {"type":"string","pattern":"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$","maxLength":512};
const func1 = codePoints;
const pattern4 = new RegExp("^(?:read|transform|aggregate|derive|infer|train|profile|log|store|copy|share|disclose|transfer|export|anonymise|pseudonymise|delete|declassify|delegate)$|^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$", "u");
const pattern5 = new RegExp("^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$", "u");
const pattern6 = new RegExp("^[A-Za-z0-9][A-Za-z0-9-]{0,31}$", "u");
const pattern8 = new RegExp("^[a-z][A-Za-z0-9_]{0,63}$", "u");
const pattern9 = new RegExp("^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$", "u");
const schema33 = {"type":"object","properties":{"id":{"$ref":"#/$defs/text"},"kind":{"type":"string","enum":["service","human","agent"]},"roles":{"anyOf":[{"type":"array","items":{"$ref":"#/$defs/text"},"minItems":0,"maxItems":64,"uniqueItems":false},{"type":"null"}]},"org":{"anyOf":[{"$ref":"#/$defs/text"},{"type":"null"}]},"clearance":{"anyOf":[{"type":"string","enum":["public","internal","confidential","restricted"]},{"type":"null"}]},"actingFor":{"anyOf":[{"$ref":"#/$defs/principal"},{"type":"null"}]}},"additionalProperties":false,"required":["id","kind"],"if":{"properties":{"kind":{"const":"agent"}}},"else":{"properties":{"actingFor":{"const":null}}}};
const wrapper0 = {validate: validate21};

function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate21.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs1 = errors;
let valid0 = true;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.kind !== undefined){
if("agent" !== data.kind){
const err0 = {};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
}
var _valid0 = _errs2 === errors;
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
if(!_valid0){
const _errs4 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.actingFor !== undefined){
let data1 = data.actingFor;
if(null !== data1){
validate21.errors = [{instancePath:instancePath+"/actingFor",schemaPath:"#/else/properties/actingFor/const",keyword:"const",params:{allowedValue: schema33.else.properties.actingFor.const},message:"must be equal to constant",schema:schema33.else.properties.actingFor.const,parentSchema:schema33.else.properties.actingFor,data:data1}];
return false;
}
}
}
var _valid0 = _errs4 === errors;
valid0 = _valid0;
if(valid0){
var props0 = {};
props0.actingFor = true;
props0.kind = true;
}
}
if(!valid0){
const err1 = {instancePath,schemaPath:"#/if",keyword:"if",params:{failingKeyword: "else"},message:"must match \"else\" schema",schema:schema33.if,parentSchema:schema33,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
validate21.errors = vErrors;
return false;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.id === undefined) && (missing0 = "id")) || ((data.kind === undefined) && (missing0 = "kind"))){
validate21.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'",schema:schema33.required,parentSchema:schema33,data}];
return false;
}
else {
const _errs6 = errors;
for(const key0 in data){
if(!((((((key0 === "id") || (key0 === "kind")) || (key0 === "roles")) || (key0 === "org")) || (key0 === "clearance")) || (key0 === "actingFor"))){
validate21.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema33,data}];
return false;
break;
}
}
if(_errs6 === errors){
if(data.id !== undefined){
let data2 = data.id;
const _errs7 = errors;
const _errs8 = errors;
if(errors === _errs8){
if(typeof data2 === "string"){
if(func1(data2) > 512){
validate21.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema34,data:data2}];
return false;
}
else {
if(func1(data2) < 1){
validate21.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema34,data:data2}];
return false;
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/text/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data2}];
return false;
}
}
var valid3 = _errs7 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data.kind !== undefined){
let data3 = data.kind;
const _errs10 = errors;
if(typeof data3 !== "string"){
validate21.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.properties.kind.type,parentSchema:schema33.properties.kind,data:data3}];
return false;
}
if(!(((data3 === "service") || (data3 === "human")) || (data3 === "agent"))){
validate21.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema33.properties.kind.enum},message:"must be equal to one of the allowed values",schema:schema33.properties.kind.enum,parentSchema:schema33.properties.kind,data:data3}];
return false;
}
var valid3 = _errs10 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data.roles !== undefined){
let data4 = data.roles;
const _errs12 = errors;
const _errs13 = errors;
let valid5 = false;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data4)){
if(data4.length > 64){
const err2 = {instancePath:instancePath+"/roles",schemaPath:"#/properties/roles/anyOf/0/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema33.properties.roles.anyOf[0],data:data4};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
else {
if(data4.length < 0){
const err3 = {instancePath:instancePath+"/roles",schemaPath:"#/properties/roles/anyOf/0/minItems",keyword:"minItems",params:{limit: 0},message:"must NOT have fewer than 0 items",schema:0,parentSchema:schema33.properties.roles.anyOf[0],data:data4};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
else {
var valid6 = true;
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
let data5 = data4[i0];
const _errs16 = errors;
const _errs17 = errors;
if(errors === _errs17){
if(typeof data5 === "string"){
if(func1(data5) > 512){
const err4 = {instancePath:instancePath+"/roles/" + i0,schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema34,data:data5};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
else {
if(func1(data5) < 1){
const err5 = {instancePath:instancePath+"/roles/" + i0,schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema34,data:data5};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
else {
const err6 = {instancePath:instancePath+"/roles/" + i0,schemaPath:"#/$defs/text/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data5};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
var valid6 = _errs16 === errors;
if(!valid6){
break;
}
}
}
}
}
else {
const err7 = {instancePath:instancePath+"/roles",schemaPath:"#/properties/roles/anyOf/0/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema33.properties.roles.anyOf[0].type,parentSchema:schema33.properties.roles.anyOf[0],data:data4};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
var _valid1 = _errs14 === errors;
valid5 = valid5 || _valid1;
const _errs19 = errors;
if(data4 !== null){
const err8 = {instancePath:instancePath+"/roles",schemaPath:"#/properties/roles/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null",schema:schema33.properties.roles.anyOf[1].type,parentSchema:schema33.properties.roles.anyOf[1],data:data4};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
var _valid1 = _errs19 === errors;
valid5 = valid5 || _valid1;
if(!valid5){
const err9 = {instancePath:instancePath+"/roles",schemaPath:"#/properties/roles/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema33.properties.roles.anyOf,parentSchema:schema33.properties.roles,data:data4};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
validate21.errors = vErrors;
return false;
}
else {
errors = _errs13;
if(vErrors !== null){
if(_errs13){
vErrors.length = _errs13;
}
else {
vErrors = null;
}
}
}
var valid3 = _errs12 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data.org !== undefined){
let data6 = data.org;
const _errs21 = errors;
const _errs22 = errors;
let valid8 = false;
const _errs23 = errors;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data6 === "string"){
if(func1(data6) > 512){
const err10 = {instancePath:instancePath+"/org",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema34,data:data6};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
else {
if(func1(data6) < 1){
const err11 = {instancePath:instancePath+"/org",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema34,data:data6};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath:instancePath+"/org",schemaPath:"#/$defs/text/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data6};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
var _valid2 = _errs23 === errors;
valid8 = valid8 || _valid2;
const _errs26 = errors;
if(data6 !== null){
const err13 = {instancePath:instancePath+"/org",schemaPath:"#/properties/org/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null",schema:schema33.properties.org.anyOf[1].type,parentSchema:schema33.properties.org.anyOf[1],data:data6};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
var _valid2 = _errs26 === errors;
valid8 = valid8 || _valid2;
if(!valid8){
const err14 = {instancePath:instancePath+"/org",schemaPath:"#/properties/org/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema33.properties.org.anyOf,parentSchema:schema33.properties.org,data:data6};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
validate21.errors = vErrors;
return false;
}
else {
errors = _errs22;
if(vErrors !== null){
if(_errs22){
vErrors.length = _errs22;
}
else {
vErrors = null;
}
}
}
var valid3 = _errs21 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data.clearance !== undefined){
let data7 = data.clearance;
const _errs28 = errors;
const _errs29 = errors;
let valid10 = false;
const _errs30 = errors;
if(typeof data7 !== "string"){
const err15 = {instancePath:instancePath+"/clearance",schemaPath:"#/properties/clearance/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.properties.clearance.anyOf[0].type,parentSchema:schema33.properties.clearance.anyOf[0],data:data7};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(!((((data7 === "public") || (data7 === "internal")) || (data7 === "confidential")) || (data7 === "restricted"))){
const err16 = {instancePath:instancePath+"/clearance",schemaPath:"#/properties/clearance/anyOf/0/enum",keyword:"enum",params:{allowedValues: schema33.properties.clearance.anyOf[0].enum},message:"must be equal to one of the allowed values",schema:schema33.properties.clearance.anyOf[0].enum,parentSchema:schema33.properties.clearance.anyOf[0],data:data7};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
var _valid3 = _errs30 === errors;
valid10 = valid10 || _valid3;
const _errs32 = errors;
if(data7 !== null){
const err17 = {instancePath:instancePath+"/clearance",schemaPath:"#/properties/clearance/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null",schema:schema33.properties.clearance.anyOf[1].type,parentSchema:schema33.properties.clearance.anyOf[1],data:data7};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
var _valid3 = _errs32 === errors;
valid10 = valid10 || _valid3;
if(!valid10){
const err18 = {instancePath:instancePath+"/clearance",schemaPath:"#/properties/clearance/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema33.properties.clearance.anyOf,parentSchema:schema33.properties.clearance,data:data7};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
validate21.errors = vErrors;
return false;
}
else {
errors = _errs29;
if(vErrors !== null){
if(_errs29){
vErrors.length = _errs29;
}
else {
vErrors = null;
}
}
}
var valid3 = _errs28 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data.actingFor !== undefined){
let data8 = data.actingFor;
const _errs34 = errors;
const _errs35 = errors;
let valid11 = false;
const _errs36 = errors;
if(!(wrapper0.validate(data8, {instancePath:instancePath+"/actingFor",parentData:data,parentDataProperty:"actingFor",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? wrapper0.validate.errors : vErrors.concat(wrapper0.validate.errors);
errors = vErrors.length;
}
var _valid4 = _errs36 === errors;
valid11 = valid11 || _valid4;
const _errs37 = errors;
if(data8 !== null){
const err19 = {instancePath:instancePath+"/actingFor",schemaPath:"#/properties/actingFor/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null",schema:schema33.properties.actingFor.anyOf[1].type,parentSchema:schema33.properties.actingFor.anyOf[1],data:data8};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
var _valid4 = _errs37 === errors;
valid11 = valid11 || _valid4;
if(!valid11){
const err20 = {instancePath:instancePath+"/actingFor",schemaPath:"#/properties/actingFor/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema33.properties.actingFor.anyOf,parentSchema:schema33.properties.actingFor,data:data8};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
validate21.errors = vErrors;
return false;
}
else {
errors = _errs35;
if(vErrors !== null){
if(_errs35){
vErrors.length = _errs35;
}
else {
vErrors = null;
}
}
}
var valid3 = _errs34 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
}
}
}
}
else {
validate21.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema33.type,parentSchema:schema33,data}];
return false;
}
}
validate21.errors = vErrors;
return errors === 0;
}
validate21.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="urn:writ:schema:request:1" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs1 = errors;
const _errs2 = errors;
let valid1 = true;
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.operation !== undefined){
let data0 = data.operation;
if(!(((((data0 === "share") || (data0 === "disclose")) || (data0 === "transfer")) || (data0 === "export")) || (data0 === "delegate"))){
const err0 = {};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
}
var _valid0 = _errs3 === errors;
errors = _errs2;
if(vErrors !== null){
if(_errs2){
vErrors.length = _errs2;
}
else {
vErrors = null;
}
}
if(!_valid0){
const _errs5 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.destination !== undefined){
validate20.errors = [{instancePath:instancePath+"/destination",schemaPath:"#/allOf/0/else/properties/destination/false schema",keyword:"false schema",params:{},message:"boolean schema is false",schema:false,parentSchema:schema31.allOf[0].else.properties.destination,data:data.destination}];
return false;
}
}
var _valid0 = _errs5 === errors;
valid1 = _valid0;
if(valid1){
var props0 = {};
props0.destination = true;
props0.operation = true;
}
}
if(!valid1){
const err1 = {instancePath,schemaPath:"#/allOf/0/if",keyword:"if",params:{failingKeyword: "else"},message:"must match \"else\" schema",schema:schema31.allOf[0].if,parentSchema:schema31.allOf[0],data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
validate20.errors = vErrors;
return false;
}
var valid0 = _errs1 === errors;
if(valid0){
const _errs6 = errors;
const _errs7 = errors;
let valid4 = true;
const _errs8 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.operation !== undefined){
const _errs10 = errors;
const _errs11 = errors;
if("delete" !== data.operation){
const err2 = {};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var valid6 = _errs11 === errors;
if(valid6){
const err3 = {};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
else {
errors = _errs10;
if(vErrors !== null){
if(_errs10){
vErrors.length = _errs10;
}
else {
vErrors = null;
}
}
}
}
}
var _valid1 = _errs8 === errors;
errors = _errs7;
if(vErrors !== null){
if(_errs7){
vErrors.length = _errs7;
}
else {
vErrors = null;
}
}
if(_valid1){
const _errs12 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.purposes !== undefined){
let data3 = data.purposes;
const _errs13 = errors;
if(errors === _errs13){
if(Array.isArray(data3)){
if(data3.length < 1){
validate20.errors = [{instancePath:instancePath+"/purposes",schemaPath:"#/allOf/1/then/properties/purposes/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.allOf[1].then.properties.purposes,data:data3}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/purposes",schemaPath:"#/allOf/1/then/properties/purposes/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.allOf[1].then.properties.purposes.type,parentSchema:schema31.allOf[1].then.properties.purposes,data:data3}];
return false;
}
}
}
}
var _valid1 = _errs12 === errors;
valid4 = _valid1;
if(valid4){
var props1 = {};
props1.purposes = true;
props1.operation = true;
}
}
if(!valid4){
const err4 = {instancePath,schemaPath:"#/allOf/1/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema",schema:schema31.allOf[1].if,parentSchema:schema31.allOf[1],data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
validate20.errors = vErrors;
return false;
}
var valid0 = _errs6 === errors;
if(valid0){
if(props0 !== true && props1 !== undefined){
if(props1 === true){
props0 = true;
}
else {
props0 = props0 || {};
Object.assign(props0, props1);
}
}
}
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.operation === undefined) && (missing0 = "operation")) || ((data.purposes === undefined) && (missing0 = "purposes"))) || ((data.principal === undefined) && (missing0 = "principal"))){
validate20.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'",schema:schema31.required,parentSchema:schema31,data}];
return false;
}
else {
const _errs15 = errors;
for(const key0 in data){
if(!(((((((key0 === "operation") || (key0 === "purposes")) || (key0 === "principal")) || (key0 === "region")) || (key0 === "destination")) || (key0 === "output")) || (key0 === "facts"))){
validate20.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema31,data}];
return false;
break;
}
}
if(_errs15 === errors){
if(data.operation !== undefined){
let data4 = data.operation;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data4 === "string"){
if(func1(data4) > 512){
validate20.errors = [{instancePath:instancePath+"/operation",schemaPath:"#/properties/operation/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema31.properties.operation,data:data4}];
return false;
}
else {
if(!pattern4.test(data4)){
validate20.errors = [{instancePath:instancePath+"/operation",schemaPath:"#/properties/operation/pattern",keyword:"pattern",params:{pattern: "^(?:read|transform|aggregate|derive|infer|train|profile|log|store|copy|share|disclose|transfer|export|anonymise|pseudonymise|delete|declassify|delegate)$|^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^(?:read|transform|aggregate|derive|infer|train|profile|log|store|copy|share|disclose|transfer|export|anonymise|pseudonymise|delete|declassify|delegate)$|^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^(?:read|transform|aggregate|derive|infer|train|profile|log|store|copy|share|disclose|transfer|export|anonymise|pseudonymise|delete|declassify|delegate)$|^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema31.properties.operation,data:data4}];
return false;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/operation",schemaPath:"#/properties/operation/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.operation.type,parentSchema:schema31.properties.operation,data:data4}];
return false;
}
}
var valid8 = _errs16 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data.purposes !== undefined){
let data5 = data.purposes;
const _errs18 = errors;
if(errors === _errs18){
if(Array.isArray(data5)){
if(data5.length > 8){
validate20.errors = [{instancePath:instancePath+"/purposes",schemaPath:"#/properties/purposes/maxItems",keyword:"maxItems",params:{limit: 8},message:"must NOT have more than 8 items",schema:8,parentSchema:schema31.properties.purposes,data:data5}];
return false;
}
else {
var valid9 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs20 = errors;
const _errs21 = errors;
if(errors === _errs21){
if(typeof data6 === "string"){
if(func1(data6) > 512){
validate20.errors = [{instancePath:instancePath+"/purposes/" + i0,schemaPath:"#/$defs/term/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema32,data:data6}];
return false;
}
else {
if(!pattern5.test(data6)){
validate20.errors = [{instancePath:instancePath+"/purposes/" + i0,schemaPath:"#/$defs/term/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema32,data:data6}];
return false;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/purposes/" + i0,schemaPath:"#/$defs/term/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.type,parentSchema:schema32,data:data6}];
return false;
}
}
var valid9 = _errs20 === errors;
if(!valid9){
break;
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/purposes",schemaPath:"#/properties/purposes/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.purposes.type,parentSchema:schema31.properties.purposes,data:data5}];
return false;
}
}
var valid8 = _errs18 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data.principal !== undefined){
const _errs23 = errors;
if(!(validate21(data.principal, {instancePath:instancePath+"/principal",parentData:data,parentDataProperty:"principal",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
errors = vErrors.length;
}
var valid8 = _errs23 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data.region !== undefined){
let data8 = data.region;
const _errs24 = errors;
const _errs25 = errors;
let valid11 = false;
const _errs26 = errors;
const _errs27 = errors;
if(errors === _errs27){
if(typeof data8 === "string"){
if(!pattern6.test(data8)){
const err5 = {instancePath:instancePath+"/region",schemaPath:"#/$defs/region/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9-]{0,31}$"},message:"must match pattern \""+"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$"+"\"",schema:"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$",parentSchema:schema37,data:data8};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/region",schemaPath:"#/$defs/region/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema37.type,parentSchema:schema37,data:data8};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
var _valid2 = _errs26 === errors;
valid11 = valid11 || _valid2;
const _errs29 = errors;
if(data8 !== null){
const err7 = {instancePath:instancePath+"/region",schemaPath:"#/properties/region/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null",schema:schema31.properties.region.anyOf[1].type,parentSchema:schema31.properties.region.anyOf[1],data:data8};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
var _valid2 = _errs29 === errors;
valid11 = valid11 || _valid2;
if(!valid11){
const err8 = {instancePath:instancePath+"/region",schemaPath:"#/properties/region/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema31.properties.region.anyOf,parentSchema:schema31.properties.region,data:data8};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
validate20.errors = vErrors;
return false;
}
else {
errors = _errs25;
if(vErrors !== null){
if(_errs25){
vErrors.length = _errs25;
}
else {
vErrors = null;
}
}
}
var valid8 = _errs24 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data.destination !== undefined){
let data9 = data.destination;
const _errs31 = errors;
const _errs32 = errors;
let valid13 = false;
const _errs33 = errors;
if(errors === _errs33){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
const _errs35 = errors;
for(const key1 in data9){
if(!((key1 === "party") || (key1 === "region"))){
const err9 = {instancePath:instancePath+"/destination",schemaPath:"#/properties/destination/anyOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.destination.anyOf[0],data:data9};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
break;
}
}
if(_errs35 === errors){
if(data9.party !== undefined){
let data10 = data9.party;
const _errs36 = errors;
const _errs37 = errors;
let valid15 = false;
const _errs38 = errors;
const _errs39 = errors;
if(errors === _errs39){
if(typeof data10 === "string"){
if(func1(data10) > 512){
const err10 = {instancePath:instancePath+"/destination/party",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema34,data:data10};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
else {
if(func1(data10) < 1){
const err11 = {instancePath:instancePath+"/destination/party",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema34,data:data10};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath:instancePath+"/destination/party",schemaPath:"#/$defs/text/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data10};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
var _valid4 = _errs38 === errors;
valid15 = valid15 || _valid4;
const _errs41 = errors;
if(data10 !== null){
const err13 = {instancePath:instancePath+"/destination/party",schemaPath:"#/properties/destination/anyOf/0/properties/party/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null",schema:schema31.properties.destination.anyOf[0].properties.party.anyOf[1].type,parentSchema:schema31.properties.destination.anyOf[0].properties.party.anyOf[1],data:data10};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
var _valid4 = _errs41 === errors;
valid15 = valid15 || _valid4;
if(!valid15){
const err14 = {instancePath:instancePath+"/destination/party",schemaPath:"#/properties/destination/anyOf/0/properties/party/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema31.properties.destination.anyOf[0].properties.party.anyOf,parentSchema:schema31.properties.destination.anyOf[0].properties.party,data:data10};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
else {
errors = _errs37;
if(vErrors !== null){
if(_errs37){
vErrors.length = _errs37;
}
else {
vErrors = null;
}
}
}
var valid14 = _errs36 === errors;
}
else {
var valid14 = true;
}
if(valid14){
if(data9.region !== undefined){
let data11 = data9.region;
const _errs43 = errors;
const _errs44 = errors;
let valid17 = false;
const _errs45 = errors;
const _errs46 = errors;
if(errors === _errs46){
if(typeof data11 === "string"){
if(!pattern6.test(data11)){
const err15 = {instancePath:instancePath+"/destination/region",schemaPath:"#/$defs/region/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9-]{0,31}$"},message:"must match pattern \""+"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$"+"\"",schema:"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$",parentSchema:schema37,data:data11};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
else {
const err16 = {instancePath:instancePath+"/destination/region",schemaPath:"#/$defs/region/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema37.type,parentSchema:schema37,data:data11};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
var _valid5 = _errs45 === errors;
valid17 = valid17 || _valid5;
const _errs48 = errors;
if(data11 !== null){
const err17 = {instancePath:instancePath+"/destination/region",schemaPath:"#/properties/destination/anyOf/0/properties/region/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null",schema:schema31.properties.destination.anyOf[0].properties.region.anyOf[1].type,parentSchema:schema31.properties.destination.anyOf[0].properties.region.anyOf[1],data:data11};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
var _valid5 = _errs48 === errors;
valid17 = valid17 || _valid5;
if(!valid17){
const err18 = {instancePath:instancePath+"/destination/region",schemaPath:"#/properties/destination/anyOf/0/properties/region/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema31.properties.destination.anyOf[0].properties.region.anyOf,parentSchema:schema31.properties.destination.anyOf[0].properties.region,data:data11};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
else {
errors = _errs44;
if(vErrors !== null){
if(_errs44){
vErrors.length = _errs44;
}
else {
vErrors = null;
}
}
}
var valid14 = _errs43 === errors;
}
else {
var valid14 = true;
}
}
}
}
else {
const err19 = {instancePath:instancePath+"/destination",schemaPath:"#/properties/destination/anyOf/0/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.destination.anyOf[0].type,parentSchema:schema31.properties.destination.anyOf[0],data:data9};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
var _valid3 = _errs33 === errors;
valid13 = valid13 || _valid3;
const _errs50 = errors;
if(data9 !== null){
const err20 = {instancePath:instancePath+"/destination",schemaPath:"#/properties/destination/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null",schema:schema31.properties.destination.anyOf[1].type,parentSchema:schema31.properties.destination.anyOf[1],data:data9};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
var _valid3 = _errs50 === errors;
valid13 = valid13 || _valid3;
if(!valid13){
const err21 = {instancePath:instancePath+"/destination",schemaPath:"#/properties/destination/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema31.properties.destination.anyOf,parentSchema:schema31.properties.destination,data:data9};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
validate20.errors = vErrors;
return false;
}
else {
errors = _errs32;
if(vErrors !== null){
if(_errs32){
vErrors.length = _errs32;
}
else {
vErrors = null;
}
}
}
var valid8 = _errs31 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data.output !== undefined){
let data12 = data.output;
const _errs52 = errors;
if(errors === _errs52){
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
if(Object.keys(data12).length > 64){
validate20.errors = [{instancePath:instancePath+"/output",schemaPath:"#/properties/output/maxProperties",keyword:"maxProperties",params:{limit: 64},message:"must NOT have more than 64 properties",schema:64,parentSchema:schema31.properties.output,data:data12}];
return false;
}
else {
for(const key2 in data12){
const _errs54 = errors;
if(typeof key2 === "string"){
if(!pattern8.test(key2)){
const err22 = {instancePath:instancePath+"/output",schemaPath:"#/properties/output/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z][A-Za-z0-9_]{0,63}$"},message:"must match pattern \""+"^[a-z][A-Za-z0-9_]{0,63}$"+"\"",schema:"^[a-z][A-Za-z0-9_]{0,63}$",parentSchema:schema31.properties.output.propertyNames,data:key2,propertyName:key2};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
var valid19 = _errs54 === errors;
if(!valid19){
const err23 = {instancePath:instancePath+"/output",schemaPath:"#/properties/output/propertyNames",keyword:"propertyNames",params:{propertyName: key2},message:"property name must be valid",schema:schema31.properties.output.propertyNames,parentSchema:schema31.properties.output,data:data12};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
validate20.errors = vErrors;
return false;
break;
}
}
if(valid19){
if(data12.k !== undefined){
let data13 = data12.k;
const _errs57 = errors;
let valid21 = false;
const _errs58 = errors;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
const err24 = {instancePath:instancePath+"/output/k",schemaPath:"#/properties/output/properties/k/anyOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema31.properties.output.properties.k.anyOf[0].type,parentSchema:schema31.properties.output.properties.k.anyOf[0],data:data13};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
var _valid6 = _errs58 === errors;
valid21 = valid21 || _valid6;
const _errs60 = errors;
if(data13 !== null){
const err25 = {instancePath:instancePath+"/output/k",schemaPath:"#/properties/output/properties/k/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null",schema:schema31.properties.output.properties.k.anyOf[1].type,parentSchema:schema31.properties.output.properties.k.anyOf[1],data:data13};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
var _valid6 = _errs60 === errors;
valid21 = valid21 || _valid6;
if(!valid21){
const err26 = {instancePath:instancePath+"/output/k",schemaPath:"#/properties/output/properties/k/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema31.properties.output.properties.k.anyOf,parentSchema:schema31.properties.output.properties.k,data:data13};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
validate20.errors = vErrors;
return false;
}
else {
errors = _errs57;
if(vErrors !== null){
if(_errs57){
vErrors.length = _errs57;
}
else {
vErrors = null;
}
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/output",schemaPath:"#/properties/output/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.output.type,parentSchema:schema31.properties.output,data:data12}];
return false;
}
}
var valid8 = _errs52 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data.facts !== undefined){
let data14 = data.facts;
const _errs62 = errors;
if(errors === _errs62){
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
if(Object.keys(data14).length > 64){
validate20.errors = [{instancePath:instancePath+"/facts",schemaPath:"#/properties/facts/maxProperties",keyword:"maxProperties",params:{limit: 64},message:"must NOT have more than 64 properties",schema:64,parentSchema:schema31.properties.facts,data:data14}];
return false;
}
else {
for(const key3 in data14){
const _errs64 = errors;
const _errs65 = errors;
if(errors === _errs65){
if(typeof key3 === "string"){
if(func1(key3) > 512){
const err27 = {instancePath:instancePath+"/facts",schemaPath:"#/$defs/iri/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema40,data:key3,propertyName:key3};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
else {
if(!pattern9.test(key3)){
const err28 = {instancePath:instancePath+"/facts",schemaPath:"#/$defs/iri/pattern",keyword:"pattern",params:{pattern: "^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema40,data:key3,propertyName:key3};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
}
else {
const err29 = {instancePath:instancePath+"/facts",schemaPath:"#/$defs/iri/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema40.type,parentSchema:schema40,data:key3,propertyName:key3};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
var valid22 = _errs64 === errors;
if(!valid22){
const err30 = {instancePath:instancePath+"/facts",schemaPath:"#/properties/facts/propertyNames",keyword:"propertyNames",params:{propertyName: key3},message:"property name must be valid",schema:schema31.properties.facts.propertyNames,parentSchema:schema31.properties.facts,data:data14};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
validate20.errors = vErrors;
return false;
break;
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/facts",schemaPath:"#/properties/facts/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.facts.type,parentSchema:schema31.properties.facts,data:data14}];
return false;
}
}
var valid8 = _errs62 === errors;
}
else {
var valid8 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate20.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.type,parentSchema:schema31,data}];
return false;
}
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
