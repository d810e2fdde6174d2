// @ts-nocheck
// Generated from schemas/policy.schema.json by tools/compile-schemas.mjs; do not edit.
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

function equal(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && equal(a[name], b[name]));
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

const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"urn:writ:schema:policy:1","title":"Writ policy document, version 1","description":"Unexpanded and expanded form. spec/3-policy.md says what a schema can't.","type":"object","properties":{"version":{"const":1},"kind":{"type":"string","enum":["grant","restrict"]},"id":{"$ref":"#/$defs/iri"},"authority":{"$ref":"#/$defs/iri"},"classification":{"$ref":"#/$defs/level"},"taxonomies":{"type":"array","items":{"type":"object","properties":{"iri":{"$ref":"#/$defs/iri"},"version":{"type":"string","minLength":1,"maxLength":64},"digest":{"$ref":"#/$defs/digest"}},"additionalProperties":false,"required":["iri","version","digest"]},"minItems":1,"maxItems":16,"uniqueItems":true},"terms":{"type":"object","propertyNames":{"$ref":"#/$defs/term"},"additionalProperties":{"type":"array","items":{"$ref":"#/$defs/term"},"minItems":1,"maxItems":16,"uniqueItems":true},"minProperties":1,"maxProperties":256},"parameters":{"type":"object","propertyNames":{"$ref":"#/$defs/parameterName"},"additionalProperties":{"type":"string","enum":["string","integer","boolean","instant","iri"]},"minProperties":1,"maxProperties":32},"limits":{"$ref":"#/$defs/limits"},"permissions":{"type":"array","items":{"$ref":"#/$defs/permission"},"minItems":1,"maxItems":64},"prohibitions":{"type":"array","items":{"$ref":"#/$defs/prohibition"},"minItems":1,"maxItems":64},"duties":{"type":"array","items":{"$ref":"#/$defs/duty"},"minItems":1,"maxItems":64},"derive":{"type":"object","propertyNames":{"type":"string","enum":["read","transform","aggregate","derive","infer","train","profile","log","store","copy","share","disclose","transfer","export","anonymise","pseudonymise"]},"additionalProperties":{"$ref":"#/$defs/deriveEntry"},"minProperties":1},"declassify":{"type":"object","properties":{"threshold":{"type":"integer","minimum":1,"maximum":16},"approvers":{"type":"array","items":{"$ref":"#/$defs/iri"},"minItems":1,"maxItems":16,"uniqueItems":true},"atMost":{"$ref":"#/$defs/limits"}},"additionalProperties":false,"required":["threshold","approvers","atMost"]},"crit":{"type":"array","items":{"$ref":"#/$defs/iri"},"minItems":1,"maxItems":16,"uniqueItems":true},"ext":{"type":"object","propertyNames":{"$ref":"#/$defs/iri"},"additionalProperties":true,"minProperties":1,"maxProperties":32}},"additionalProperties":false,"required":["version","kind","id","authority"],"allOf":[{"if":{"properties":{"kind":{"const":"grant"}},"required":["kind"]},"then":{"properties":{"permissions":true},"required":["permissions"]}},{"if":{"properties":{"kind":{"const":"restrict"}},"required":["kind"]},"then":{"properties":{"permissions":false,"duties":false}}}],"$defs":{"iri":{"type":"string","pattern":"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$","maxLength":512},"term":{"description":"A full IRI, or prefix:name by the closed table of prefixes.","type":"string","pattern":"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$","maxLength":512},"id":{"type":"string","pattern":"^[A-Za-z][A-Za-z0-9._-]{0,63}$"},"text":{"type":"string","minLength":1,"maxLength":512},"digest":{"type":"string","pattern":"^sha384:[0-9a-f]{96}$"},"instant":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"},"duration":{"type":"string","pattern":"^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$"},"parameterName":{"type":"string","pattern":"^[a-z][A-Za-z0-9_-]{0,63}$"},"param":{"type":"object","properties":{"param":{"$ref":"#/$defs/parameterName"}},"additionalProperties":false,"required":["param"]},"instantOrParam":{"anyOf":[{"$ref":"#/$defs/instant"},{"$ref":"#/$defs/param"}]},"textOrParam":{"anyOf":[{"$ref":"#/$defs/text"},{"$ref":"#/$defs/param"}]},"iriOrParam":{"anyOf":[{"$ref":"#/$defs/iri"},{"$ref":"#/$defs/param"}]},"level":{"type":"string","enum":["public","internal","confidential","restricted"]},"operation":{"type":"string","enum":["read","transform","aggregate","derive","infer","train","profile","log","store","copy","share","disclose","transfer","export","anonymise","pseudonymise","delete","declassify","delegate"]},"region":{"type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$"},"purpose":{"anyOf":[{"$ref":"#/$defs/term"},{"type":"object","properties":{"exactly":{"$ref":"#/$defs/term"}},"additionalProperties":false,"required":["exactly"]}]},"purposeClause":{"type":"array","items":{"$ref":"#/$defs/purpose"},"minItems":1,"maxItems":64,"uniqueItems":true},"scalar":{"anyOf":[{"type":"string","minLength":1,"maxLength":512},{"type":"integer"},{"type":"boolean"}]},"operators":{"type":"object","properties":{"eq":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"ne":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"in":{"type":"array","items":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"minItems":1,"maxItems":64,"uniqueItems":true},"notIn":{"type":"array","items":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"minItems":1,"maxItems":64,"uniqueItems":true},"hasAny":{"type":"array","items":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"minItems":1,"maxItems":64,"uniqueItems":true},"hasAll":{"type":"array","items":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"minItems":1,"maxItems":64,"uniqueItems":true},"hasNone":{"type":"array","items":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"minItems":1,"maxItems":64,"uniqueItems":true},"lt":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"lte":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"gt":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"gte":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"exists":{"type":"boolean"}},"additionalProperties":false,"minProperties":1},"condition":{"description":"Members that are not all, any or not name a field; which fields there are is not said here.","type":"object","properties":{"all":{"type":"array","items":{"$ref":"#/$defs/condition"},"minItems":1,"maxItems":64},"any":{"type":"array","items":{"$ref":"#/$defs/condition"},"minItems":1,"maxItems":64},"not":{"$ref":"#/$defs/condition"}},"additionalProperties":{"$ref":"#/$defs/operators"},"minProperties":1},"limits":{"type":"object","properties":{"purposes":{"type":"array","items":{"$ref":"#/$defs/purposeClause"},"minItems":1,"maxItems":16,"uniqueItems":true},"notPurposes":{"type":"array","items":{"$ref":"#/$defs/term"},"minItems":1,"maxItems":64,"uniqueItems":true},"notOperations":{"type":"array","items":{"$ref":"#/$defs/operation"},"minItems":1,"maxItems":19,"uniqueItems":true},"regions":{"type":"array","items":{"type":"array","items":{"$ref":"#/$defs/region"},"minItems":1,"maxItems":64,"uniqueItems":true},"minItems":1,"maxItems":16,"uniqueItems":true},"parties":{"type":"array","items":{"type":"array","items":{"$ref":"#/$defs/iriOrParam"},"minItems":1,"maxItems":64,"uniqueItems":true},"minItems":1,"maxItems":16,"uniqueItems":true},"notParties":{"type":"array","items":{"$ref":"#/$defs/iriOrParam"},"minItems":1,"maxItems":64,"uniqueItems":true},"principals":{"type":"array","items":{"type":"string","enum":["service","human","agent","autonomous"]},"minItems":1,"maxItems":4,"uniqueItems":true},"notBefore":{"$ref":"#/$defs/instantOrParam"},"notAfter":{"$ref":"#/$defs/instantOrParam"},"maxUses":{"type":"object","propertyNames":{"$ref":"#/$defs/iri"},"additionalProperties":{"type":"integer","minimum":1},"minProperties":1,"maxProperties":16},"deleteBy":{"$ref":"#/$defs/instantOrParam"},"keepUntil":{"$ref":"#/$defs/instantOrParam"},"minAssurance":{"type":"integer","minimum":1,"maximum":3},"kAnonymity":{"type":"integer","minimum":1},"consents":{"type":"array","items":{"$ref":"#/$defs/textOrParam"},"minItems":1,"maxItems":16,"uniqueItems":true},"custody":{"type":"object","properties":{"origins":{"type":"array","items":{"$ref":"#/$defs/text"},"minItems":1,"maxItems":16,"uniqueItems":true},"managers":{"type":"array","items":{"type":"string","enum":["customer","provider"]},"minItems":1,"maxItems":2,"uniqueItems":true},"regions":{"type":"array","items":{"type":"string","pattern":"^(?:[A-Za-z0-9-]{1,64}\\*?|\\*)$"},"minItems":1,"maxItems":32,"uniqueItems":true}},"additionalProperties":false,"minProperties":1},"maxStaleness":{"type":"object","properties":{"status":{"$ref":"#/$defs/duration"},"consent":{"$ref":"#/$defs/duration"},"counter":{"$ref":"#/$defs/duration"},"approval":{"$ref":"#/$defs/duration"}},"additionalProperties":false,"minProperties":1}},"additionalProperties":false,"minProperties":1},"permission":{"type":"object","properties":{"id":{"$ref":"#/$defs/id"},"operations":{"type":"array","items":{"type":"string","enum":["*","read","transform","aggregate","derive","infer","train","profile","log","store","copy","share","disclose","transfer","export","anonymise","pseudonymise","declassify","delegate"]},"minItems":1,"maxItems":19,"uniqueItems":true},"unrestricted":{"const":true},"purposes":{"$ref":"#/$defs/purposeClause"},"when":{"$ref":"#/$defs/condition"},"duties":{"type":"array","items":{"$ref":"#/$defs/id"},"minItems":1,"maxItems":64,"uniqueItems":true},"consents":{"type":"array","items":{"$ref":"#/$defs/textOrParam"},"minItems":1,"maxItems":16,"uniqueItems":true},"waives":{"type":"array","items":{"type":"string","enum":["consents","maxStaleness","regions"]},"minItems":1,"maxItems":3,"uniqueItems":true}},"additionalProperties":false,"required":["id","operations"],"if":{"properties":{"unrestricted":true},"required":["unrestricted"]},"then":{"properties":{"operations":{"const":["*"]}}},"else":{"properties":{"operations":{"type":"array","items":{"type":"string","enum":["read","transform","aggregate","derive","infer","train","profile","log","store","copy","share","disclose","transfer","export","anonymise","pseudonymise","declassify","delegate"]}}}},"dependentRequired":{"waives":["purposes","duties"]}},"prohibition":{"type":"object","properties":{"id":{"$ref":"#/$defs/id"},"operations":{"anyOf":[{"const":["*"]},{"type":"array","items":{"$ref":"#/$defs/operation"},"minItems":1,"maxItems":19,"uniqueItems":true}]},"purposes":{"type":"array","items":{"$ref":"#/$defs/term"},"minItems":1,"maxItems":64,"uniqueItems":true},"when":{"$ref":"#/$defs/condition"}},"additionalProperties":false,"required":["id","operations"]},"duty":{"type":"object","properties":{"id":{"$ref":"#/$defs/id"},"type":{"anyOf":[{"type":"string","enum":["attribute","compensate","delete","inform","log","report","review"]},{"$ref":"#/$defs/iri"}]},"trigger":{"type":"string","enum":["before-use","each-use","after-use"]},"within":{"$ref":"#/$defs/duration"},"by":{"$ref":"#/$defs/iri"},"proof":{"type":"string","enum":["receipt","attestation"]},"criticality":{"type":"string","enum":["required","best_effort","advisory"]}},"additionalProperties":false,"required":["id","type","trigger"],"if":{"properties":{"trigger":{"const":"before-use"}}},"then":{"properties":{"within":false}}},"deriveEntry":{"anyOf":[{"const":"forbid"},{"type":"object","properties":{"inherit":{"const":true},"add":{"$ref":"#/$defs/limits"}},"additionalProperties":false,"required":["inherit"]},{"type":"object","properties":{"release":{"type":"object","properties":{"policy":{"$ref":"#/$defs/digest"},"requires":{"$ref":"#/$defs/condition"}},"additionalProperties":false,"required":["policy","requires"]}},"additionalProperties":false,"required":["release"]}]}}};
const schema32 = {"type":"string","pattern":"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$","maxLength":512};
const schema34 = {"type":"string","enum":["public","internal","confidential","restricted"]};
const schema36 = {"type":"string","pattern":"^sha384:[0-9a-f]{96}$"};
const schema37 = {"description":"A full IRI, or prefix:name by the closed table of prefixes.","type":"string","pattern":"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$","maxLength":512};
const schema39 = {"type":"string","pattern":"^[a-z][A-Za-z0-9_-]{0,63}$"};
const func1 = Object.prototype.hasOwnProperty;
const func2 = codePoints;
const func0 = equal;
const pattern4 = new RegExp("^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$", "u");
const pattern7 = new RegExp("^sha384:[0-9a-f]{96}$", "u");
const pattern8 = new RegExp("^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$", "u");
const pattern10 = new RegExp("^[a-z][A-Za-z0-9_-]{0,63}$", "u");
const schema40 = {"type":"object","properties":{"purposes":{"type":"array","items":{"$ref":"#/$defs/purposeClause"},"minItems":1,"maxItems":16,"uniqueItems":true},"notPurposes":{"type":"array","items":{"$ref":"#/$defs/term"},"minItems":1,"maxItems":64,"uniqueItems":true},"notOperations":{"type":"array","items":{"$ref":"#/$defs/operation"},"minItems":1,"maxItems":19,"uniqueItems":true},"regions":{"type":"array","items":{"type":"array","items":{"$ref":"#/$defs/region"},"minItems":1,"maxItems":64,"uniqueItems":true},"minItems":1,"maxItems":16,"uniqueItems":true},"parties":{"type":"array","items":{"type":"array","items":{"$ref":"#/$defs/iriOrParam"},"minItems":1,"maxItems":64,"uniqueItems":true},"minItems":1,"maxItems":16,"uniqueItems":true},"notParties":{"type":"array","items":{"$ref":"#/$defs/iriOrParam"},"minItems":1,"maxItems":64,"uniqueItems":true},"principals":{"type":"array","items":{"type":"string","enum":["service","human","agent","autonomous"]},"minItems":1,"maxItems":4,"uniqueItems":true},"notBefore":{"$ref":"#/$defs/instantOrParam"},"notAfter":{"$ref":"#/$defs/instantOrParam"},"maxUses":{"type":"object","propertyNames":{"$ref":"#/$defs/iri"},"additionalProperties":{"type":"integer","minimum":1},"minProperties":1,"maxProperties":16},"deleteBy":{"$ref":"#/$defs/instantOrParam"},"keepUntil":{"$ref":"#/$defs/instantOrParam"},"minAssurance":{"type":"integer","minimum":1,"maximum":3},"kAnonymity":{"type":"integer","minimum":1},"consents":{"type":"array","items":{"$ref":"#/$defs/textOrParam"},"minItems":1,"maxItems":16,"uniqueItems":true},"custody":{"type":"object","properties":{"origins":{"type":"array","items":{"$ref":"#/$defs/text"},"minItems":1,"maxItems":16,"uniqueItems":true},"managers":{"type":"array","items":{"type":"string","enum":["customer","provider"]},"minItems":1,"maxItems":2,"uniqueItems":true},"regions":{"type":"array","items":{"type":"string","pattern":"^(?:[A-Za-z0-9-]{1,64}\\*?|\\*)$"},"minItems":1,"maxItems":32,"uniqueItems":true}},"additionalProperties":false,"minProperties":1},"maxStaleness":{"type":"object","properties":{"status":{"$ref":"#/$defs/duration"},"consent":{"$ref":"#/$defs/duration"},"counter":{"$ref":"#/$defs/duration"},"approval":{"$ref":"#/$defs/duration"}},"additionalProperties":false,"minProperties":1}},"additionalProperties":false,"minProperties":1};
const schema46 = {"type":"string","enum":["read","transform","aggregate","derive","infer","train","profile","log","store","copy","share","disclose","transfer","export","anonymise","pseudonymise","delete","declassify","delegate"]};
const schema47 = {"type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$"};
const schema56 = {"type":"string","minLength":1,"maxLength":512};
const schema58 = {"type":"string","pattern":"^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$"};
const schema41 = {"type":"array","items":{"$ref":"#/$defs/purpose"},"minItems":1,"maxItems":64,"uniqueItems":true};
const schema42 = {"anyOf":[{"$ref":"#/$defs/term"},{"type":"object","properties":{"exactly":{"$ref":"#/$defs/term"}},"additionalProperties":false,"required":["exactly"]}]};

function validate23(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate23.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data === "string"){
if(func2(data) > 512){
const err0 = {instancePath,schemaPath:"#/$defs/term/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema37,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
if(!pattern8.test(data)){
const err1 = {instancePath,schemaPath:"#/$defs/term/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema37,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
else {
const err2 = {instancePath,schemaPath:"#/$defs/term/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema37.type,parentSchema:schema37,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
const _errs4 = errors;
if(errors === _errs4){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.exactly === undefined) && (missing0 = "exactly")){
const err3 = {instancePath,schemaPath:"#/anyOf/1/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'",schema:schema42.anyOf[1].required,parentSchema:schema42.anyOf[1],data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
else {
const _errs6 = errors;
for(const key0 in data){
if(!(key0 === "exactly")){
const err4 = {instancePath,schemaPath:"#/anyOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema42.anyOf[1],data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
break;
}
}
if(_errs6 === errors){
if(data.exactly !== undefined){
let data0 = data.exactly;
const _errs8 = errors;
if(errors === _errs8){
if(typeof data0 === "string"){
if(func2(data0) > 512){
const err5 = {instancePath:instancePath+"/exactly",schemaPath:"#/$defs/term/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema37,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
else {
if(!pattern8.test(data0)){
const err6 = {instancePath:instancePath+"/exactly",schemaPath:"#/$defs/term/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema37,data:data0};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
}
else {
const err7 = {instancePath:instancePath+"/exactly",schemaPath:"#/$defs/term/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema37.type,parentSchema:schema37,data:data0};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
}
}
}
else {
const err8 = {instancePath,schemaPath:"#/anyOf/1/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema42.anyOf[1].type,parentSchema:schema42.anyOf[1],data};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
var _valid0 = _errs4 === errors;
valid0 = valid0 || _valid0;
if(_valid0){
var props0 = true;
}
if(!valid0){
const err9 = {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema42.anyOf,parentSchema:schema42,data};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
validate23.errors = vErrors;
return false;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate23.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate23.evaluated = {"dynamicProps":true,"dynamicItems":false};


function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate22.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(Array.isArray(data)){
if(data.length > 64){
validate22.errors = [{instancePath,schemaPath:"#/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema41,data}];
return false;
}
else {
if(data.length < 1){
validate22.errors = [{instancePath,schemaPath:"#/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema41,data}];
return false;
}
else {
var valid0 = true;
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
const _errs1 = errors;
if(!(validate23(data[i0], {instancePath:instancePath+"/" + i0,parentData:data,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
if(!valid0){
break;
}
}
if(valid0){
let i1 = data.length;
let j0;
if(i1 > 1){
outer0:
for(;i1--;){
for(j0 = i1; j0--;){
if(func0(data[i1], data[j0])){
validate22.errors = [{instancePath,schemaPath:"#/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)",schema:true,parentSchema:schema41,data}];
return false;
break outer0;
}
}
}
}
}
}
}
}
else {
validate22.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema41.type,parentSchema:schema41,data}];
return false;
}
}
validate22.errors = vErrors;
return errors === 0;
}
validate22.evaluated = {"items":true,"dynamicProps":false,"dynamicItems":false};

const schema48 = {"anyOf":[{"$ref":"#/$defs/iri"},{"$ref":"#/$defs/param"}]};
const schema50 = {"type":"object","properties":{"param":{"$ref":"#/$defs/parameterName"}},"additionalProperties":false,"required":["param"]};

function validate27(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate27.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.param === undefined) && (missing0 = "param")){
validate27.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'",schema:schema50.required,parentSchema:schema50,data}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(key0 === "param")){
validate27.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema50,data}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.param !== undefined){
let data0 = data.param;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern10.test(data0)){
validate27.errors = [{instancePath:instancePath+"/param",schemaPath:"#/$defs/parameterName/pattern",keyword:"pattern",params:{pattern: "^[a-z][A-Za-z0-9_-]{0,63}$"},message:"must match pattern \""+"^[a-z][A-Za-z0-9_-]{0,63}$"+"\"",schema:"^[a-z][A-Za-z0-9_-]{0,63}$",parentSchema:schema39,data:data0}];
return false;
}
}
else {
validate27.errors = [{instancePath:instancePath+"/param",schemaPath:"#/$defs/parameterName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema39.type,parentSchema:schema39,data:data0}];
return false;
}
}
}
}
}
}
else {
validate27.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema50.type,parentSchema:schema50,data}];
return false;
}
}
validate27.errors = vErrors;
return errors === 0;
}
validate27.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate26(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate26.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data === "string"){
if(func2(data) > 512){
const err0 = {instancePath,schemaPath:"#/$defs/iri/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
if(!pattern4.test(data)){
const err1 = {instancePath,schemaPath:"#/$defs/iri/pattern",keyword:"pattern",params:{pattern: "^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
else {
const err2 = {instancePath,schemaPath:"#/$defs/iri/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.type,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
const _errs4 = errors;
if(!(validate27(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var _valid0 = _errs4 === errors;
valid0 = valid0 || _valid0;
if(_valid0){
var props0 = true;
}
if(!valid0){
const err3 = {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema48.anyOf,parentSchema:schema48,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate26.errors = vErrors;
return false;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate26.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate26.evaluated = {"dynamicProps":true,"dynamicItems":false};

const schema52 = {"anyOf":[{"$ref":"#/$defs/instant"},{"$ref":"#/$defs/param"}]};
const schema53 = {"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"};
const pattern17 = new RegExp("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", "u");

function validate31(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate31.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data === "string"){
if(!pattern17.test(data)){
const err0 = {instancePath,schemaPath:"#/$defs/instant/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"},message:"must match pattern \""+"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"+"\"",schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",parentSchema:schema53,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/$defs/instant/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema53.type,parentSchema:schema53,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
const _errs4 = errors;
if(!(validate27(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var _valid0 = _errs4 === errors;
valid0 = valid0 || _valid0;
if(_valid0){
var props0 = true;
}
if(!valid0){
const err2 = {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema52.anyOf,parentSchema:schema52,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
validate31.errors = vErrors;
return false;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate31.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate31.evaluated = {"dynamicProps":true,"dynamicItems":false};

const schema55 = {"anyOf":[{"$ref":"#/$defs/text"},{"$ref":"#/$defs/param"}]};

function validate37(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate37.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data === "string"){
if(func2(data) > 512){
const err0 = {instancePath,schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema56,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
if(func2(data) < 1){
const err1 = {instancePath,schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema56,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
else {
const err2 = {instancePath,schemaPath:"#/$defs/text/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema56.type,parentSchema:schema56,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
const _errs4 = errors;
if(!(validate27(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var _valid0 = _errs4 === errors;
valid0 = valid0 || _valid0;
if(_valid0){
var props0 = true;
}
if(!valid0){
const err3 = {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema55.anyOf,parentSchema:schema55,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate37.errors = vErrors;
return false;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate37.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate37.evaluated = {"dynamicProps":true,"dynamicItems":false};

const pattern14 = new RegExp("^[A-Za-z0-9][A-Za-z0-9-]{0,31}$", "u");
const pattern19 = new RegExp("^(?:[A-Za-z0-9-]{1,64}\\*?|\\*)$", "u");
const pattern20 = new RegExp("^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$", "u");

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
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
if(Object.keys(data).length < 1){
validate21.errors = [{instancePath,schemaPath:"#/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema40,data}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(func1.call(schema40.properties, key0))){
validate21.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema40,data}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.purposes !== undefined){
let data0 = data.purposes;
const _errs2 = errors;
if(errors === _errs2){
if(Array.isArray(data0)){
if(data0.length > 16){
validate21.errors = [{instancePath:instancePath+"/purposes",schemaPath:"#/properties/purposes/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema40.properties.purposes,data:data0}];
return false;
}
else {
if(data0.length < 1){
validate21.errors = [{instancePath:instancePath+"/purposes",schemaPath:"#/properties/purposes/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema40.properties.purposes,data:data0}];
return false;
}
else {
var valid1 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
const _errs4 = errors;
if(!(validate22(data0[i0], {instancePath:instancePath+"/purposes/" + i0,parentData:data0,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
var valid1 = _errs4 === errors;
if(!valid1){
break;
}
}
if(valid1){
let i1 = data0.length;
let j0;
if(i1 > 1){
outer0:
for(;i1--;){
for(j0 = i1; j0--;){
if(func0(data0[i1], data0[j0])){
validate21.errors = [{instancePath:instancePath+"/purposes",schemaPath:"#/properties/purposes/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)",schema:true,parentSchema:schema40.properties.purposes,data:data0}];
return false;
break outer0;
}
}
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/purposes",schemaPath:"#/properties/purposes/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema40.properties.purposes.type,parentSchema:schema40.properties.purposes,data:data0}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notPurposes !== undefined){
let data2 = data.notPurposes;
const _errs5 = errors;
if(errors === _errs5){
if(Array.isArray(data2)){
if(data2.length > 64){
validate21.errors = [{instancePath:instancePath+"/notPurposes",schemaPath:"#/properties/notPurposes/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema40.properties.notPurposes,data:data2}];
return false;
}
else {
if(data2.length < 1){
validate21.errors = [{instancePath:instancePath+"/notPurposes",schemaPath:"#/properties/notPurposes/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema40.properties.notPurposes,data:data2}];
return false;
}
else {
var valid3 = true;
const len1 = data2.length;
for(let i2=0; i2<len1; i2++){
let data3 = data2[i2];
const _errs7 = errors;
const _errs8 = errors;
if(errors === _errs8){
if(typeof data3 === "string"){
if(func2(data3) > 512){
validate21.errors = [{instancePath:instancePath+"/notPurposes/" + i2,schemaPath:"#/$defs/term/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema37,data:data3}];
return false;
}
else {
if(!pattern8.test(data3)){
validate21.errors = [{instancePath:instancePath+"/notPurposes/" + i2,schemaPath:"#/$defs/term/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema37,data:data3}];
return false;
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/notPurposes/" + i2,schemaPath:"#/$defs/term/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema37.type,parentSchema:schema37,data:data3}];
return false;
}
}
var valid3 = _errs7 === errors;
if(!valid3){
break;
}
}
if(valid3){
let i3 = data2.length;
let j1;
if(i3 > 1){
outer1:
for(;i3--;){
for(j1 = i3; j1--;){
if(func0(data2[i3], data2[j1])){
validate21.errors = [{instancePath:instancePath+"/notPurposes",schemaPath:"#/properties/notPurposes/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j1},message:"must NOT have duplicate items (items ## "+j1+" and "+i3+" are identical)",schema:true,parentSchema:schema40.properties.notPurposes,data:data2}];
return false;
break outer1;
}
}
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/notPurposes",schemaPath:"#/properties/notPurposes/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema40.properties.notPurposes.type,parentSchema:schema40.properties.notPurposes,data:data2}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notOperations !== undefined){
let data4 = data.notOperations;
const _errs10 = errors;
if(errors === _errs10){
if(Array.isArray(data4)){
if(data4.length > 19){
validate21.errors = [{instancePath:instancePath+"/notOperations",schemaPath:"#/properties/notOperations/maxItems",keyword:"maxItems",params:{limit: 19},message:"must NOT have more than 19 items",schema:19,parentSchema:schema40.properties.notOperations,data:data4}];
return false;
}
else {
if(data4.length < 1){
validate21.errors = [{instancePath:instancePath+"/notOperations",schemaPath:"#/properties/notOperations/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema40.properties.notOperations,data:data4}];
return false;
}
else {
var valid6 = true;
const len2 = data4.length;
for(let i4=0; i4<len2; i4++){
let data5 = data4[i4];
const _errs12 = errors;
if(typeof data5 !== "string"){
validate21.errors = [{instancePath:instancePath+"/notOperations/" + i4,schemaPath:"#/$defs/operation/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema46.type,parentSchema:schema46,data:data5}];
return false;
}
if(!(((((((((((((((((((data5 === "read") || (data5 === "transform")) || (data5 === "aggregate")) || (data5 === "derive")) || (data5 === "infer")) || (data5 === "train")) || (data5 === "profile")) || (data5 === "log")) || (data5 === "store")) || (data5 === "copy")) || (data5 === "share")) || (data5 === "disclose")) || (data5 === "transfer")) || (data5 === "export")) || (data5 === "anonymise")) || (data5 === "pseudonymise")) || (data5 === "delete")) || (data5 === "declassify")) || (data5 === "delegate"))){
validate21.errors = [{instancePath:instancePath+"/notOperations/" + i4,schemaPath:"#/$defs/operation/enum",keyword:"enum",params:{allowedValues: schema46.enum},message:"must be equal to one of the allowed values",schema:schema46.enum,parentSchema:schema46,data:data5}];
return false;
}
var valid6 = _errs12 === errors;
if(!valid6){
break;
}
}
if(valid6){
let i5 = data4.length;
let j2;
if(i5 > 1){
outer2:
for(;i5--;){
for(j2 = i5; j2--;){
if(func0(data4[i5], data4[j2])){
validate21.errors = [{instancePath:instancePath+"/notOperations",schemaPath:"#/properties/notOperations/uniqueItems",keyword:"uniqueItems",params:{i: i5, j: j2},message:"must NOT have duplicate items (items ## "+j2+" and "+i5+" are identical)",schema:true,parentSchema:schema40.properties.notOperations,data:data4}];
return false;
break outer2;
}
}
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/notOperations",schemaPath:"#/properties/notOperations/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema40.properties.notOperations.type,parentSchema:schema40.properties.notOperations,data:data4}];
return false;
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.regions !== undefined){
let data6 = data.regions;
const _errs15 = errors;
if(errors === _errs15){
if(Array.isArray(data6)){
if(data6.length > 16){
validate21.errors = [{instancePath:instancePath+"/regions",schemaPath:"#/properties/regions/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema40.properties.regions,data:data6}];
return false;
}
else {
if(data6.length < 1){
validate21.errors = [{instancePath:instancePath+"/regions",schemaPath:"#/properties/regions/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema40.properties.regions,data:data6}];
return false;
}
else {
var valid9 = true;
const len3 = data6.length;
for(let i6=0; i6<len3; i6++){
let data7 = data6[i6];
const _errs17 = errors;
if(errors === _errs17){
if(Array.isArray(data7)){
if(data7.length > 64){
validate21.errors = [{instancePath:instancePath+"/regions/" + i6,schemaPath:"#/properties/regions/items/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema40.properties.regions.items,data:data7}];
return false;
}
else {
if(data7.length < 1){
validate21.errors = [{instancePath:instancePath+"/regions/" + i6,schemaPath:"#/properties/regions/items/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema40.properties.regions.items,data:data7}];
return false;
}
else {
var valid10 = true;
const len4 = data7.length;
for(let i7=0; i7<len4; i7++){
let data8 = data7[i7];
const _errs19 = errors;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern14.test(data8)){
validate21.errors = [{instancePath:instancePath+"/regions/" + i6+"/" + i7,schemaPath:"#/$defs/region/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9-]{0,31}$"},message:"must match pattern \""+"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$"+"\"",schema:"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$",parentSchema:schema47,data:data8}];
return false;
}
}
else {
validate21.errors = [{instancePath:instancePath+"/regions/" + i6+"/" + i7,schemaPath:"#/$defs/region/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema47.type,parentSchema:schema47,data:data8}];
return false;
}
}
var valid10 = _errs19 === errors;
if(!valid10){
break;
}
}
if(valid10){
let i8 = data7.length;
let j3;
if(i8 > 1){
outer3:
for(;i8--;){
for(j3 = i8; j3--;){
if(func0(data7[i8], data7[j3])){
validate21.errors = [{instancePath:instancePath+"/regions/" + i6,schemaPath:"#/properties/regions/items/uniqueItems",keyword:"uniqueItems",params:{i: i8, j: j3},message:"must NOT have duplicate items (items ## "+j3+" and "+i8+" are identical)",schema:true,parentSchema:schema40.properties.regions.items,data:data7}];
return false;
break outer3;
}
}
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/regions/" + i6,schemaPath:"#/properties/regions/items/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema40.properties.regions.items.type,parentSchema:schema40.properties.regions.items,data:data7}];
return false;
}
}
var valid9 = _errs17 === errors;
if(!valid9){
break;
}
}
if(valid9){
let i9 = data6.length;
let j4;
if(i9 > 1){
outer4:
for(;i9--;){
for(j4 = i9; j4--;){
if(func0(data6[i9], data6[j4])){
validate21.errors = [{instancePath:instancePath+"/regions",schemaPath:"#/properties/regions/uniqueItems",keyword:"uniqueItems",params:{i: i9, j: j4},message:"must NOT have duplicate items (items ## "+j4+" and "+i9+" are identical)",schema:true,parentSchema:schema40.properties.regions,data:data6}];
return false;
break outer4;
}
}
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/regions",schemaPath:"#/properties/regions/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema40.properties.regions.type,parentSchema:schema40.properties.regions,data:data6}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.parties !== undefined){
let data9 = data.parties;
const _errs22 = errors;
if(errors === _errs22){
if(Array.isArray(data9)){
if(data9.length > 16){
validate21.errors = [{instancePath:instancePath+"/parties",schemaPath:"#/properties/parties/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema40.properties.parties,data:data9}];
return false;
}
else {
if(data9.length < 1){
validate21.errors = [{instancePath:instancePath+"/parties",schemaPath:"#/properties/parties/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema40.properties.parties,data:data9}];
return false;
}
else {
var valid14 = true;
const len5 = data9.length;
for(let i10=0; i10<len5; i10++){
let data10 = data9[i10];
const _errs24 = errors;
if(errors === _errs24){
if(Array.isArray(data10)){
if(data10.length > 64){
validate21.errors = [{instancePath:instancePath+"/parties/" + i10,schemaPath:"#/properties/parties/items/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema40.properties.parties.items,data:data10}];
return false;
}
else {
if(data10.length < 1){
validate21.errors = [{instancePath:instancePath+"/parties/" + i10,schemaPath:"#/properties/parties/items/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema40.properties.parties.items,data:data10}];
return false;
}
else {
var valid15 = true;
const len6 = data10.length;
for(let i11=0; i11<len6; i11++){
const _errs26 = errors;
if(!(validate26(data10[i11], {instancePath:instancePath+"/parties/" + i10+"/" + i11,parentData:data10,parentDataProperty:i11,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
var valid15 = _errs26 === errors;
if(!valid15){
break;
}
}
if(valid15){
let i12 = data10.length;
let j5;
if(i12 > 1){
outer5:
for(;i12--;){
for(j5 = i12; j5--;){
if(func0(data10[i12], data10[j5])){
validate21.errors = [{instancePath:instancePath+"/parties/" + i10,schemaPath:"#/properties/parties/items/uniqueItems",keyword:"uniqueItems",params:{i: i12, j: j5},message:"must NOT have duplicate items (items ## "+j5+" and "+i12+" are identical)",schema:true,parentSchema:schema40.properties.parties.items,data:data10}];
return false;
break outer5;
}
}
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/parties/" + i10,schemaPath:"#/properties/parties/items/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema40.properties.parties.items.type,parentSchema:schema40.properties.parties.items,data:data10}];
return false;
}
}
var valid14 = _errs24 === errors;
if(!valid14){
break;
}
}
if(valid14){
let i13 = data9.length;
let j6;
if(i13 > 1){
outer6:
for(;i13--;){
for(j6 = i13; j6--;){
if(func0(data9[i13], data9[j6])){
validate21.errors = [{instancePath:instancePath+"/parties",schemaPath:"#/properties/parties/uniqueItems",keyword:"uniqueItems",params:{i: i13, j: j6},message:"must NOT have duplicate items (items ## "+j6+" and "+i13+" are identical)",schema:true,parentSchema:schema40.properties.parties,data:data9}];
return false;
break outer6;
}
}
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/parties",schemaPath:"#/properties/parties/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema40.properties.parties.type,parentSchema:schema40.properties.parties,data:data9}];
return false;
}
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notParties !== undefined){
let data12 = data.notParties;
const _errs27 = errors;
if(errors === _errs27){
if(Array.isArray(data12)){
if(data12.length > 64){
validate21.errors = [{instancePath:instancePath+"/notParties",schemaPath:"#/properties/notParties/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema40.properties.notParties,data:data12}];
return false;
}
else {
if(data12.length < 1){
validate21.errors = [{instancePath:instancePath+"/notParties",schemaPath:"#/properties/notParties/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema40.properties.notParties,data:data12}];
return false;
}
else {
var valid18 = true;
const len7 = data12.length;
for(let i14=0; i14<len7; i14++){
const _errs29 = errors;
if(!(validate26(data12[i14], {instancePath:instancePath+"/notParties/" + i14,parentData:data12,parentDataProperty:i14,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
var valid18 = _errs29 === errors;
if(!valid18){
break;
}
}
if(valid18){
let i15 = data12.length;
let j7;
if(i15 > 1){
outer7:
for(;i15--;){
for(j7 = i15; j7--;){
if(func0(data12[i15], data12[j7])){
validate21.errors = [{instancePath:instancePath+"/notParties",schemaPath:"#/properties/notParties/uniqueItems",keyword:"uniqueItems",params:{i: i15, j: j7},message:"must NOT have duplicate items (items ## "+j7+" and "+i15+" are identical)",schema:true,parentSchema:schema40.properties.notParties,data:data12}];
return false;
break outer7;
}
}
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/notParties",schemaPath:"#/properties/notParties/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema40.properties.notParties.type,parentSchema:schema40.properties.notParties,data:data12}];
return false;
}
}
var valid0 = _errs27 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.principals !== undefined){
let data14 = data.principals;
const _errs30 = errors;
if(errors === _errs30){
if(Array.isArray(data14)){
if(data14.length > 4){
validate21.errors = [{instancePath:instancePath+"/principals",schemaPath:"#/properties/principals/maxItems",keyword:"maxItems",params:{limit: 4},message:"must NOT have more than 4 items",schema:4,parentSchema:schema40.properties.principals,data:data14}];
return false;
}
else {
if(data14.length < 1){
validate21.errors = [{instancePath:instancePath+"/principals",schemaPath:"#/properties/principals/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema40.properties.principals,data:data14}];
return false;
}
else {
var valid20 = true;
const len8 = data14.length;
for(let i16=0; i16<len8; i16++){
let data15 = data14[i16];
const _errs32 = errors;
if(typeof data15 !== "string"){
validate21.errors = [{instancePath:instancePath+"/principals/" + i16,schemaPath:"#/properties/principals/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema40.properties.principals.items.type,parentSchema:schema40.properties.principals.items,data:data15}];
return false;
}
if(!((((data15 === "service") || (data15 === "human")) || (data15 === "agent")) || (data15 === "autonomous"))){
validate21.errors = [{instancePath:instancePath+"/principals/" + i16,schemaPath:"#/properties/principals/items/enum",keyword:"enum",params:{allowedValues: schema40.properties.principals.items.enum},message:"must be equal to one of the allowed values",schema:schema40.properties.principals.items.enum,parentSchema:schema40.properties.principals.items,data:data15}];
return false;
}
var valid20 = _errs32 === errors;
if(!valid20){
break;
}
}
if(valid20){
let i17 = data14.length;
let j8;
if(i17 > 1){
const indices0 = {};
for(;i17--;){
let item0 = data14[i17];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j8 = indices0[item0];
validate21.errors = [{instancePath:instancePath+"/principals",schemaPath:"#/properties/principals/uniqueItems",keyword:"uniqueItems",params:{i: i17, j: j8},message:"must NOT have duplicate items (items ## "+j8+" and "+i17+" are identical)",schema:true,parentSchema:schema40.properties.principals,data:data14}];
return false;
break;
}
indices0[item0] = i17;
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/principals",schemaPath:"#/properties/principals/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema40.properties.principals.type,parentSchema:schema40.properties.principals,data:data14}];
return false;
}
}
var valid0 = _errs30 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notBefore !== undefined){
const _errs34 = errors;
if(!(validate31(data.notBefore, {instancePath:instancePath+"/notBefore",parentData:data,parentDataProperty:"notBefore",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate31.errors : vErrors.concat(validate31.errors);
errors = vErrors.length;
}
var valid0 = _errs34 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notAfter !== undefined){
const _errs35 = errors;
if(!(validate31(data.notAfter, {instancePath:instancePath+"/notAfter",parentData:data,parentDataProperty:"notAfter",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate31.errors : vErrors.concat(validate31.errors);
errors = vErrors.length;
}
var valid0 = _errs35 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.maxUses !== undefined){
let data18 = data.maxUses;
const _errs36 = errors;
if(errors === _errs36){
if(data18 && typeof data18 == "object" && !Array.isArray(data18)){
if(Object.keys(data18).length > 16){
validate21.errors = [{instancePath:instancePath+"/maxUses",schemaPath:"#/properties/maxUses/maxProperties",keyword:"maxProperties",params:{limit: 16},message:"must NOT have more than 16 properties",schema:16,parentSchema:schema40.properties.maxUses,data:data18}];
return false;
}
else {
if(Object.keys(data18).length < 1){
validate21.errors = [{instancePath:instancePath+"/maxUses",schemaPath:"#/properties/maxUses/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema40.properties.maxUses,data:data18}];
return false;
}
else {
for(const key1 in data18){
const _errs38 = errors;
const _errs39 = errors;
if(errors === _errs39){
if(typeof key1 === "string"){
if(func2(key1) > 512){
const err0 = {instancePath:instancePath+"/maxUses",schemaPath:"#/$defs/iri/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema32,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
if(!pattern4.test(key1)){
const err1 = {instancePath:instancePath+"/maxUses",schemaPath:"#/$defs/iri/pattern",keyword:"pattern",params:{pattern: "^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema32,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
else {
const err2 = {instancePath:instancePath+"/maxUses",schemaPath:"#/$defs/iri/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.type,parentSchema:schema32,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
var valid22 = _errs38 === errors;
if(!valid22){
const err3 = {instancePath:instancePath+"/maxUses",schemaPath:"#/properties/maxUses/propertyNames",keyword:"propertyNames",params:{propertyName: key1},message:"property name must be valid",schema:schema40.properties.maxUses.propertyNames,parentSchema:schema40.properties.maxUses,data:data18};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate21.errors = vErrors;
return false;
break;
}
}
if(valid22){
for(const key2 in data18){
let data19 = data18[key2];
const _errs42 = errors;
if(!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19)))){
validate21.errors = [{instancePath:instancePath+"/maxUses/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/maxUses/additionalProperties/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema40.properties.maxUses.additionalProperties.type,parentSchema:schema40.properties.maxUses.additionalProperties,data:data19}];
return false;
}
if(errors === _errs42){
if((typeof data19 == "number") && (isFinite(data19))){
if(data19 < 1 || isNaN(data19)){
validate21.errors = [{instancePath:instancePath+"/maxUses/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/maxUses/additionalProperties/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema40.properties.maxUses.additionalProperties,data:data19}];
return false;
}
}
}
var valid24 = _errs42 === errors;
if(!valid24){
break;
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/maxUses",schemaPath:"#/properties/maxUses/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema40.properties.maxUses.type,parentSchema:schema40.properties.maxUses,data:data18}];
return false;
}
}
var valid0 = _errs36 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.deleteBy !== undefined){
const _errs44 = errors;
if(!(validate31(data.deleteBy, {instancePath:instancePath+"/deleteBy",parentData:data,parentDataProperty:"deleteBy",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate31.errors : vErrors.concat(validate31.errors);
errors = vErrors.length;
}
var valid0 = _errs44 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.keepUntil !== undefined){
const _errs45 = errors;
if(!(validate31(data.keepUntil, {instancePath:instancePath+"/keepUntil",parentData:data,parentDataProperty:"keepUntil",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate31.errors : vErrors.concat(validate31.errors);
errors = vErrors.length;
}
var valid0 = _errs45 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.minAssurance !== undefined){
let data22 = data.minAssurance;
const _errs46 = errors;
if(!(((typeof data22 == "number") && (!(data22 % 1) && !isNaN(data22))) && (isFinite(data22)))){
validate21.errors = [{instancePath:instancePath+"/minAssurance",schemaPath:"#/properties/minAssurance/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema40.properties.minAssurance.type,parentSchema:schema40.properties.minAssurance,data:data22}];
return false;
}
if(errors === _errs46){
if((typeof data22 == "number") && (isFinite(data22))){
if(data22 > 3 || isNaN(data22)){
validate21.errors = [{instancePath:instancePath+"/minAssurance",schemaPath:"#/properties/minAssurance/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3},message:"must be <= 3",schema:3,parentSchema:schema40.properties.minAssurance,data:data22}];
return false;
}
else {
if(data22 < 1 || isNaN(data22)){
validate21.errors = [{instancePath:instancePath+"/minAssurance",schemaPath:"#/properties/minAssurance/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema40.properties.minAssurance,data:data22}];
return false;
}
}
}
}
var valid0 = _errs46 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.kAnonymity !== undefined){
let data23 = data.kAnonymity;
const _errs48 = errors;
if(!(((typeof data23 == "number") && (!(data23 % 1) && !isNaN(data23))) && (isFinite(data23)))){
validate21.errors = [{instancePath:instancePath+"/kAnonymity",schemaPath:"#/properties/kAnonymity/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema40.properties.kAnonymity.type,parentSchema:schema40.properties.kAnonymity,data:data23}];
return false;
}
if(errors === _errs48){
if((typeof data23 == "number") && (isFinite(data23))){
if(data23 < 1 || isNaN(data23)){
validate21.errors = [{instancePath:instancePath+"/kAnonymity",schemaPath:"#/properties/kAnonymity/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema40.properties.kAnonymity,data:data23}];
return false;
}
}
}
var valid0 = _errs48 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.consents !== undefined){
let data24 = data.consents;
const _errs50 = errors;
if(errors === _errs50){
if(Array.isArray(data24)){
if(data24.length > 16){
validate21.errors = [{instancePath:instancePath+"/consents",schemaPath:"#/properties/consents/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema40.properties.consents,data:data24}];
return false;
}
else {
if(data24.length < 1){
validate21.errors = [{instancePath:instancePath+"/consents",schemaPath:"#/properties/consents/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema40.properties.consents,data:data24}];
return false;
}
else {
var valid25 = true;
const len9 = data24.length;
for(let i18=0; i18<len9; i18++){
const _errs52 = errors;
if(!(validate37(data24[i18], {instancePath:instancePath+"/consents/" + i18,parentData:data24,parentDataProperty:i18,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
var valid25 = _errs52 === errors;
if(!valid25){
break;
}
}
if(valid25){
let i19 = data24.length;
let j9;
if(i19 > 1){
outer8:
for(;i19--;){
for(j9 = i19; j9--;){
if(func0(data24[i19], data24[j9])){
validate21.errors = [{instancePath:instancePath+"/consents",schemaPath:"#/properties/consents/uniqueItems",keyword:"uniqueItems",params:{i: i19, j: j9},message:"must NOT have duplicate items (items ## "+j9+" and "+i19+" are identical)",schema:true,parentSchema:schema40.properties.consents,data:data24}];
return false;
break outer8;
}
}
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/consents",schemaPath:"#/properties/consents/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema40.properties.consents.type,parentSchema:schema40.properties.consents,data:data24}];
return false;
}
}
var valid0 = _errs50 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.custody !== undefined){
let data26 = data.custody;
const _errs53 = errors;
if(errors === _errs53){
if(data26 && typeof data26 == "object" && !Array.isArray(data26)){
if(Object.keys(data26).length < 1){
validate21.errors = [{instancePath:instancePath+"/custody",schemaPath:"#/properties/custody/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema40.properties.custody,data:data26}];
return false;
}
else {
const _errs55 = errors;
for(const key3 in data26){
if(!(((key3 === "origins") || (key3 === "managers")) || (key3 === "regions"))){
validate21.errors = [{instancePath:instancePath+"/custody",schemaPath:"#/properties/custody/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema40.properties.custody,data:data26}];
return false;
break;
}
}
if(_errs55 === errors){
if(data26.origins !== undefined){
let data27 = data26.origins;
const _errs56 = errors;
if(errors === _errs56){
if(Array.isArray(data27)){
if(data27.length > 16){
validate21.errors = [{instancePath:instancePath+"/custody/origins",schemaPath:"#/properties/custody/properties/origins/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema40.properties.custody.properties.origins,data:data27}];
return false;
}
else {
if(data27.length < 1){
validate21.errors = [{instancePath:instancePath+"/custody/origins",schemaPath:"#/properties/custody/properties/origins/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema40.properties.custody.properties.origins,data:data27}];
return false;
}
else {
var valid28 = true;
const len10 = data27.length;
for(let i20=0; i20<len10; i20++){
let data28 = data27[i20];
const _errs58 = errors;
const _errs59 = errors;
if(errors === _errs59){
if(typeof data28 === "string"){
if(func2(data28) > 512){
validate21.errors = [{instancePath:instancePath+"/custody/origins/" + i20,schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema56,data:data28}];
return false;
}
else {
if(func2(data28) < 1){
validate21.errors = [{instancePath:instancePath+"/custody/origins/" + i20,schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema56,data:data28}];
return false;
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/custody/origins/" + i20,schemaPath:"#/$defs/text/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema56.type,parentSchema:schema56,data:data28}];
return false;
}
}
var valid28 = _errs58 === errors;
if(!valid28){
break;
}
}
if(valid28){
let i21 = data27.length;
let j10;
if(i21 > 1){
outer9:
for(;i21--;){
for(j10 = i21; j10--;){
if(func0(data27[i21], data27[j10])){
validate21.errors = [{instancePath:instancePath+"/custody/origins",schemaPath:"#/properties/custody/properties/origins/uniqueItems",keyword:"uniqueItems",params:{i: i21, j: j10},message:"must NOT have duplicate items (items ## "+j10+" and "+i21+" are identical)",schema:true,parentSchema:schema40.properties.custody.properties.origins,data:data27}];
return false;
break outer9;
}
}
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/custody/origins",schemaPath:"#/properties/custody/properties/origins/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema40.properties.custody.properties.origins.type,parentSchema:schema40.properties.custody.properties.origins,data:data27}];
return false;
}
}
var valid27 = _errs56 === errors;
}
else {
var valid27 = true;
}
if(valid27){
if(data26.managers !== undefined){
let data29 = data26.managers;
const _errs61 = errors;
if(errors === _errs61){
if(Array.isArray(data29)){
if(data29.length > 2){
validate21.errors = [{instancePath:instancePath+"/custody/managers",schemaPath:"#/properties/custody/properties/managers/maxItems",keyword:"maxItems",params:{limit: 2},message:"must NOT have more than 2 items",schema:2,parentSchema:schema40.properties.custody.properties.managers,data:data29}];
return false;
}
else {
if(data29.length < 1){
validate21.errors = [{instancePath:instancePath+"/custody/managers",schemaPath:"#/properties/custody/properties/managers/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema40.properties.custody.properties.managers,data:data29}];
return false;
}
else {
var valid31 = true;
const len11 = data29.length;
for(let i22=0; i22<len11; i22++){
let data30 = data29[i22];
const _errs63 = errors;
if(typeof data30 !== "string"){
validate21.errors = [{instancePath:instancePath+"/custody/managers/" + i22,schemaPath:"#/properties/custody/properties/managers/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema40.properties.custody.properties.managers.items.type,parentSchema:schema40.properties.custody.properties.managers.items,data:data30}];
return false;
}
if(!((data30 === "customer") || (data30 === "provider"))){
validate21.errors = [{instancePath:instancePath+"/custody/managers/" + i22,schemaPath:"#/properties/custody/properties/managers/items/enum",keyword:"enum",params:{allowedValues: schema40.properties.custody.properties.managers.items.enum},message:"must be equal to one of the allowed values",schema:schema40.properties.custody.properties.managers.items.enum,parentSchema:schema40.properties.custody.properties.managers.items,data:data30}];
return false;
}
var valid31 = _errs63 === errors;
if(!valid31){
break;
}
}
if(valid31){
let i23 = data29.length;
let j11;
if(i23 > 1){
const indices1 = {};
for(;i23--;){
let item1 = data29[i23];
if(typeof item1 !== "string"){
continue;
}
if(typeof indices1[item1] == "number"){
j11 = indices1[item1];
validate21.errors = [{instancePath:instancePath+"/custody/managers",schemaPath:"#/properties/custody/properties/managers/uniqueItems",keyword:"uniqueItems",params:{i: i23, j: j11},message:"must NOT have duplicate items (items ## "+j11+" and "+i23+" are identical)",schema:true,parentSchema:schema40.properties.custody.properties.managers,data:data29}];
return false;
break;
}
indices1[item1] = i23;
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/custody/managers",schemaPath:"#/properties/custody/properties/managers/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema40.properties.custody.properties.managers.type,parentSchema:schema40.properties.custody.properties.managers,data:data29}];
return false;
}
}
var valid27 = _errs61 === errors;
}
else {
var valid27 = true;
}
if(valid27){
if(data26.regions !== undefined){
let data31 = data26.regions;
const _errs65 = errors;
if(errors === _errs65){
if(Array.isArray(data31)){
if(data31.length > 32){
validate21.errors = [{instancePath:instancePath+"/custody/regions",schemaPath:"#/properties/custody/properties/regions/maxItems",keyword:"maxItems",params:{limit: 32},message:"must NOT have more than 32 items",schema:32,parentSchema:schema40.properties.custody.properties.regions,data:data31}];
return false;
}
else {
if(data31.length < 1){
validate21.errors = [{instancePath:instancePath+"/custody/regions",schemaPath:"#/properties/custody/properties/regions/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema40.properties.custody.properties.regions,data:data31}];
return false;
}
else {
var valid33 = true;
const len12 = data31.length;
for(let i24=0; i24<len12; i24++){
let data32 = data31[i24];
const _errs67 = errors;
if(errors === _errs67){
if(typeof data32 === "string"){
if(!pattern19.test(data32)){
validate21.errors = [{instancePath:instancePath+"/custody/regions/" + i24,schemaPath:"#/properties/custody/properties/regions/items/pattern",keyword:"pattern",params:{pattern: "^(?:[A-Za-z0-9-]{1,64}\\*?|\\*)$"},message:"must match pattern \""+"^(?:[A-Za-z0-9-]{1,64}\\*?|\\*)$"+"\"",schema:"^(?:[A-Za-z0-9-]{1,64}\\*?|\\*)$",parentSchema:schema40.properties.custody.properties.regions.items,data:data32}];
return false;
}
}
else {
validate21.errors = [{instancePath:instancePath+"/custody/regions/" + i24,schemaPath:"#/properties/custody/properties/regions/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema40.properties.custody.properties.regions.items.type,parentSchema:schema40.properties.custody.properties.regions.items,data:data32}];
return false;
}
}
var valid33 = _errs67 === errors;
if(!valid33){
break;
}
}
if(valid33){
let i25 = data31.length;
let j12;
if(i25 > 1){
const indices2 = {};
for(;i25--;){
let item2 = data31[i25];
if(typeof item2 !== "string"){
continue;
}
if(typeof indices2[item2] == "number"){
j12 = indices2[item2];
validate21.errors = [{instancePath:instancePath+"/custody/regions",schemaPath:"#/properties/custody/properties/regions/uniqueItems",keyword:"uniqueItems",params:{i: i25, j: j12},message:"must NOT have duplicate items (items ## "+j12+" and "+i25+" are identical)",schema:true,parentSchema:schema40.properties.custody.properties.regions,data:data31}];
return false;
break;
}
indices2[item2] = i25;
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/custody/regions",schemaPath:"#/properties/custody/properties/regions/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema40.properties.custody.properties.regions.type,parentSchema:schema40.properties.custody.properties.regions,data:data31}];
return false;
}
}
var valid27 = _errs65 === errors;
}
else {
var valid27 = true;
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/custody",schemaPath:"#/properties/custody/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema40.properties.custody.type,parentSchema:schema40.properties.custody,data:data26}];
return false;
}
}
var valid0 = _errs53 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.maxStaleness !== undefined){
let data33 = data.maxStaleness;
const _errs69 = errors;
if(errors === _errs69){
if(data33 && typeof data33 == "object" && !Array.isArray(data33)){
if(Object.keys(data33).length < 1){
validate21.errors = [{instancePath:instancePath+"/maxStaleness",schemaPath:"#/properties/maxStaleness/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema40.properties.maxStaleness,data:data33}];
return false;
}
else {
const _errs71 = errors;
for(const key4 in data33){
if(!((((key4 === "status") || (key4 === "consent")) || (key4 === "counter")) || (key4 === "approval"))){
validate21.errors = [{instancePath:instancePath+"/maxStaleness",schemaPath:"#/properties/maxStaleness/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties",schema:false,parentSchema:schema40.properties.maxStaleness,data:data33}];
return false;
break;
}
}
if(_errs71 === errors){
if(data33.status !== undefined){
let data34 = data33.status;
const _errs72 = errors;
const _errs73 = errors;
if(errors === _errs73){
if(typeof data34 === "string"){
if(!pattern20.test(data34)){
validate21.errors = [{instancePath:instancePath+"/maxStaleness/status",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$"},message:"must match pattern \""+"^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$"+"\"",schema:"^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$",parentSchema:schema58,data:data34}];
return false;
}
}
else {
validate21.errors = [{instancePath:instancePath+"/maxStaleness/status",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema58.type,parentSchema:schema58,data:data34}];
return false;
}
}
var valid35 = _errs72 === errors;
}
else {
var valid35 = true;
}
if(valid35){
if(data33.consent !== undefined){
let data35 = data33.consent;
const _errs75 = errors;
const _errs76 = errors;
if(errors === _errs76){
if(typeof data35 === "string"){
if(!pattern20.test(data35)){
validate21.errors = [{instancePath:instancePath+"/maxStaleness/consent",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$"},message:"must match pattern \""+"^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$"+"\"",schema:"^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$",parentSchema:schema58,data:data35}];
return false;
}
}
else {
validate21.errors = [{instancePath:instancePath+"/maxStaleness/consent",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema58.type,parentSchema:schema58,data:data35}];
return false;
}
}
var valid35 = _errs75 === errors;
}
else {
var valid35 = true;
}
if(valid35){
if(data33.counter !== undefined){
let data36 = data33.counter;
const _errs78 = errors;
const _errs79 = errors;
if(errors === _errs79){
if(typeof data36 === "string"){
if(!pattern20.test(data36)){
validate21.errors = [{instancePath:instancePath+"/maxStaleness/counter",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$"},message:"must match pattern \""+"^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$"+"\"",schema:"^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$",parentSchema:schema58,data:data36}];
return false;
}
}
else {
validate21.errors = [{instancePath:instancePath+"/maxStaleness/counter",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema58.type,parentSchema:schema58,data:data36}];
return false;
}
}
var valid35 = _errs78 === errors;
}
else {
var valid35 = true;
}
if(valid35){
if(data33.approval !== undefined){
let data37 = data33.approval;
const _errs81 = errors;
const _errs82 = errors;
if(errors === _errs82){
if(typeof data37 === "string"){
if(!pattern20.test(data37)){
validate21.errors = [{instancePath:instancePath+"/maxStaleness/approval",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$"},message:"must match pattern \""+"^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$"+"\"",schema:"^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$",parentSchema:schema58,data:data37}];
return false;
}
}
else {
validate21.errors = [{instancePath:instancePath+"/maxStaleness/approval",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema58.type,parentSchema:schema58,data:data37}];
return false;
}
}
var valid35 = _errs81 === errors;
}
else {
var valid35 = true;
}
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/maxStaleness",schemaPath:"#/properties/maxStaleness/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema40.properties.maxStaleness.type,parentSchema:schema40.properties.maxStaleness,data:data33}];
return false;
}
}
var valid0 = _errs69 === errors;
}
else {
var valid0 = true;
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
validate21.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema40.type,parentSchema:schema40,data}];
return false;
}
}
validate21.errors = vErrors;
return errors === 0;
}
validate21.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema62 = {"type":"object","properties":{"id":{"$ref":"#/$defs/id"},"operations":{"type":"array","items":{"type":"string","enum":["*","read","transform","aggregate","derive","infer","train","profile","log","store","copy","share","disclose","transfer","export","anonymise","pseudonymise","declassify","delegate"]},"minItems":1,"maxItems":19,"uniqueItems":true},"unrestricted":{"const":true},"purposes":{"$ref":"#/$defs/purposeClause"},"when":{"$ref":"#/$defs/condition"},"duties":{"type":"array","items":{"$ref":"#/$defs/id"},"minItems":1,"maxItems":64,"uniqueItems":true},"consents":{"type":"array","items":{"$ref":"#/$defs/textOrParam"},"minItems":1,"maxItems":16,"uniqueItems":true},"waives":{"type":"array","items":{"type":"string","enum":["consents","maxStaleness","regions"]},"minItems":1,"maxItems":3,"uniqueItems":true}},"additionalProperties":false,"required":["id","operations"],"if":{"properties":{"unrestricted":true},"required":["unrestricted"]},"then":{"properties":{"operations":{"const":["*"]}}},"else":{"properties":{"operations":{"type":"array","items":{"type":"string","enum":["read","transform","aggregate","derive","infer","train","profile","log","store","copy","share","disclose","transfer","export","anonymise","pseudonymise","declassify","delegate"]}}}},"dependentRequired":{"waives":["purposes","duties"]}};
const schema63 = {"type":"string","pattern":"^[A-Za-z][A-Za-z0-9._-]{0,63}$"};
const pattern24 = new RegExp("^[A-Za-z][A-Za-z0-9._-]{0,63}$", "u");
const schema64 = {"description":"Members that are not all, any or not name a field; which fields there are is not said here.","type":"object","properties":{"all":{"type":"array","items":{"$ref":"#/$defs/condition"},"minItems":1,"maxItems":64},"any":{"type":"array","items":{"$ref":"#/$defs/condition"},"minItems":1,"maxItems":64},"not":{"$ref":"#/$defs/condition"}},"additionalProperties":{"$ref":"#/$defs/operators"},"minProperties":1};
const schema65 = {"type":"object","properties":{"eq":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"ne":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"in":{"type":"array","items":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"minItems":1,"maxItems":64,"uniqueItems":true},"notIn":{"type":"array","items":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"minItems":1,"maxItems":64,"uniqueItems":true},"hasAny":{"type":"array","items":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"minItems":1,"maxItems":64,"uniqueItems":true},"hasAll":{"type":"array","items":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"minItems":1,"maxItems":64,"uniqueItems":true},"hasNone":{"type":"array","items":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"minItems":1,"maxItems":64,"uniqueItems":true},"lt":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"lte":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"gt":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"gte":{"anyOf":[{"$ref":"#/$defs/scalar"},{"$ref":"#/$defs/param"}]},"exists":{"type":"boolean"}},"additionalProperties":false,"minProperties":1};
const schema66 = {"anyOf":[{"type":"string","minLength":1,"maxLength":512},{"type":"integer"},{"type":"boolean"}]};

function validate44(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate44.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
if(Object.keys(data).length < 1){
validate44.errors = [{instancePath,schemaPath:"#/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema65,data}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(func1.call(schema65.properties, key0))){
validate44.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema65,data}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.eq !== undefined){
let data0 = data.eq;
const _errs2 = errors;
const _errs3 = errors;
let valid1 = false;
const _errs4 = errors;
const _errs6 = errors;
let valid3 = false;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data0 === "string"){
if(func2(data0) > 512){
const err0 = {instancePath:instancePath+"/eq",schemaPath:"#/$defs/scalar/anyOf/0/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema66.anyOf[0],data:data0};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
if(func2(data0) < 1){
const err1 = {instancePath:instancePath+"/eq",schemaPath:"#/$defs/scalar/anyOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema66.anyOf[0],data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
else {
const err2 = {instancePath:instancePath+"/eq",schemaPath:"#/$defs/scalar/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema66.anyOf[0].type,parentSchema:schema66.anyOf[0],data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
var _valid1 = _errs7 === errors;
valid3 = valid3 || _valid1;
const _errs9 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
const err3 = {instancePath:instancePath+"/eq",schemaPath:"#/$defs/scalar/anyOf/1/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema66.anyOf[1].type,parentSchema:schema66.anyOf[1],data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
var _valid1 = _errs9 === errors;
valid3 = valid3 || _valid1;
const _errs11 = errors;
if(typeof data0 !== "boolean"){
const err4 = {instancePath:instancePath+"/eq",schemaPath:"#/$defs/scalar/anyOf/2/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema66.anyOf[2].type,parentSchema:schema66.anyOf[2],data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
var _valid1 = _errs11 === errors;
valid3 = valid3 || _valid1;
if(!valid3){
const err5 = {instancePath:instancePath+"/eq",schemaPath:"#/$defs/scalar/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema66.anyOf,parentSchema:schema66,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
else {
errors = _errs6;
if(vErrors !== null){
if(_errs6){
vErrors.length = _errs6;
}
else {
vErrors = null;
}
}
}
var _valid0 = _errs4 === errors;
valid1 = valid1 || _valid0;
const _errs13 = errors;
if(!(validate27(data0, {instancePath:instancePath+"/eq",parentData:data,parentDataProperty:"eq",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var _valid0 = _errs13 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const err6 = {instancePath:instancePath+"/eq",schemaPath:"#/properties/eq/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema65.properties.eq.anyOf,parentSchema:schema65.properties.eq,data:data0};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
validate44.errors = vErrors;
return false;
}
else {
errors = _errs3;
if(vErrors !== null){
if(_errs3){
vErrors.length = _errs3;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.ne !== undefined){
let data1 = data.ne;
const _errs14 = errors;
const _errs15 = errors;
let valid4 = false;
const _errs16 = errors;
const _errs18 = errors;
let valid6 = false;
const _errs19 = errors;
if(errors === _errs19){
if(typeof data1 === "string"){
if(func2(data1) > 512){
const err7 = {instancePath:instancePath+"/ne",schemaPath:"#/$defs/scalar/anyOf/0/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema66.anyOf[0],data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
else {
if(func2(data1) < 1){
const err8 = {instancePath:instancePath+"/ne",schemaPath:"#/$defs/scalar/anyOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema66.anyOf[0],data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath:instancePath+"/ne",schemaPath:"#/$defs/scalar/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema66.anyOf[0].type,parentSchema:schema66.anyOf[0],data:data1};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
var _valid3 = _errs19 === errors;
valid6 = valid6 || _valid3;
const _errs21 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
const err10 = {instancePath:instancePath+"/ne",schemaPath:"#/$defs/scalar/anyOf/1/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema66.anyOf[1].type,parentSchema:schema66.anyOf[1],data:data1};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
var _valid3 = _errs21 === errors;
valid6 = valid6 || _valid3;
const _errs23 = errors;
if(typeof data1 !== "boolean"){
const err11 = {instancePath:instancePath+"/ne",schemaPath:"#/$defs/scalar/anyOf/2/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema66.anyOf[2].type,parentSchema:schema66.anyOf[2],data:data1};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
var _valid3 = _errs23 === errors;
valid6 = valid6 || _valid3;
if(!valid6){
const err12 = {instancePath:instancePath+"/ne",schemaPath:"#/$defs/scalar/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema66.anyOf,parentSchema:schema66,data:data1};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
else {
errors = _errs18;
if(vErrors !== null){
if(_errs18){
vErrors.length = _errs18;
}
else {
vErrors = null;
}
}
}
var _valid2 = _errs16 === errors;
valid4 = valid4 || _valid2;
const _errs25 = errors;
if(!(validate27(data1, {instancePath:instancePath+"/ne",parentData:data,parentDataProperty:"ne",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var _valid2 = _errs25 === errors;
valid4 = valid4 || _valid2;
if(!valid4){
const err13 = {instancePath:instancePath+"/ne",schemaPath:"#/properties/ne/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema65.properties.ne.anyOf,parentSchema:schema65.properties.ne,data:data1};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
validate44.errors = vErrors;
return false;
}
else {
errors = _errs15;
if(vErrors !== null){
if(_errs15){
vErrors.length = _errs15;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.in !== undefined){
let data2 = data.in;
const _errs26 = errors;
if(errors === _errs26){
if(Array.isArray(data2)){
if(data2.length > 64){
validate44.errors = [{instancePath:instancePath+"/in",schemaPath:"#/properties/in/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema65.properties.in,data:data2}];
return false;
}
else {
if(data2.length < 1){
validate44.errors = [{instancePath:instancePath+"/in",schemaPath:"#/properties/in/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema65.properties.in,data:data2}];
return false;
}
else {
var valid7 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
const _errs28 = errors;
const _errs29 = errors;
let valid8 = false;
const _errs30 = errors;
const _errs32 = errors;
let valid10 = false;
const _errs33 = errors;
if(errors === _errs33){
if(typeof data3 === "string"){
if(func2(data3) > 512){
const err14 = {instancePath:instancePath+"/in/" + i0,schemaPath:"#/$defs/scalar/anyOf/0/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema66.anyOf[0],data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
else {
if(func2(data3) < 1){
const err15 = {instancePath:instancePath+"/in/" + i0,schemaPath:"#/$defs/scalar/anyOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema66.anyOf[0],data:data3};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
else {
const err16 = {instancePath:instancePath+"/in/" + i0,schemaPath:"#/$defs/scalar/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema66.anyOf[0].type,parentSchema:schema66.anyOf[0],data:data3};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
var _valid5 = _errs33 === errors;
valid10 = valid10 || _valid5;
const _errs35 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
const err17 = {instancePath:instancePath+"/in/" + i0,schemaPath:"#/$defs/scalar/anyOf/1/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema66.anyOf[1].type,parentSchema:schema66.anyOf[1],data:data3};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
var _valid5 = _errs35 === errors;
valid10 = valid10 || _valid5;
const _errs37 = errors;
if(typeof data3 !== "boolean"){
const err18 = {instancePath:instancePath+"/in/" + i0,schemaPath:"#/$defs/scalar/anyOf/2/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema66.anyOf[2].type,parentSchema:schema66.anyOf[2],data:data3};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
var _valid5 = _errs37 === errors;
valid10 = valid10 || _valid5;
if(!valid10){
const err19 = {instancePath:instancePath+"/in/" + i0,schemaPath:"#/$defs/scalar/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema66.anyOf,parentSchema:schema66,data:data3};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
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
var _valid4 = _errs30 === errors;
valid8 = valid8 || _valid4;
const _errs39 = errors;
if(!(validate27(data3, {instancePath:instancePath+"/in/" + i0,parentData:data2,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var _valid4 = _errs39 === errors;
valid8 = valid8 || _valid4;
if(!valid8){
const err20 = {instancePath:instancePath+"/in/" + i0,schemaPath:"#/properties/in/items/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema65.properties.in.items.anyOf,parentSchema:schema65.properties.in.items,data:data3};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
validate44.errors = vErrors;
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
var valid7 = _errs28 === errors;
if(!valid7){
break;
}
}
if(valid7){
let i1 = data2.length;
let j0;
if(i1 > 1){
outer0:
for(;i1--;){
for(j0 = i1; j0--;){
if(func0(data2[i1], data2[j0])){
validate44.errors = [{instancePath:instancePath+"/in",schemaPath:"#/properties/in/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)",schema:true,parentSchema:schema65.properties.in,data:data2}];
return false;
break outer0;
}
}
}
}
}
}
}
}
else {
validate44.errors = [{instancePath:instancePath+"/in",schemaPath:"#/properties/in/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema65.properties.in.type,parentSchema:schema65.properties.in,data:data2}];
return false;
}
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notIn !== undefined){
let data4 = data.notIn;
const _errs40 = errors;
if(errors === _errs40){
if(Array.isArray(data4)){
if(data4.length > 64){
validate44.errors = [{instancePath:instancePath+"/notIn",schemaPath:"#/properties/notIn/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema65.properties.notIn,data:data4}];
return false;
}
else {
if(data4.length < 1){
validate44.errors = [{instancePath:instancePath+"/notIn",schemaPath:"#/properties/notIn/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema65.properties.notIn,data:data4}];
return false;
}
else {
var valid12 = true;
const len1 = data4.length;
for(let i2=0; i2<len1; i2++){
let data5 = data4[i2];
const _errs42 = errors;
const _errs43 = errors;
let valid13 = false;
const _errs44 = errors;
const _errs46 = errors;
let valid15 = false;
const _errs47 = errors;
if(errors === _errs47){
if(typeof data5 === "string"){
if(func2(data5) > 512){
const err21 = {instancePath:instancePath+"/notIn/" + i2,schemaPath:"#/$defs/scalar/anyOf/0/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema66.anyOf[0],data:data5};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
else {
if(func2(data5) < 1){
const err22 = {instancePath:instancePath+"/notIn/" + i2,schemaPath:"#/$defs/scalar/anyOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema66.anyOf[0],data:data5};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
}
else {
const err23 = {instancePath:instancePath+"/notIn/" + i2,schemaPath:"#/$defs/scalar/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema66.anyOf[0].type,parentSchema:schema66.anyOf[0],data:data5};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
var _valid7 = _errs47 === errors;
valid15 = valid15 || _valid7;
const _errs49 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
const err24 = {instancePath:instancePath+"/notIn/" + i2,schemaPath:"#/$defs/scalar/anyOf/1/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema66.anyOf[1].type,parentSchema:schema66.anyOf[1],data:data5};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
var _valid7 = _errs49 === errors;
valid15 = valid15 || _valid7;
const _errs51 = errors;
if(typeof data5 !== "boolean"){
const err25 = {instancePath:instancePath+"/notIn/" + i2,schemaPath:"#/$defs/scalar/anyOf/2/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema66.anyOf[2].type,parentSchema:schema66.anyOf[2],data:data5};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
var _valid7 = _errs51 === errors;
valid15 = valid15 || _valid7;
if(!valid15){
const err26 = {instancePath:instancePath+"/notIn/" + i2,schemaPath:"#/$defs/scalar/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema66.anyOf,parentSchema:schema66,data:data5};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
else {
errors = _errs46;
if(vErrors !== null){
if(_errs46){
vErrors.length = _errs46;
}
else {
vErrors = null;
}
}
}
var _valid6 = _errs44 === errors;
valid13 = valid13 || _valid6;
const _errs53 = errors;
if(!(validate27(data5, {instancePath:instancePath+"/notIn/" + i2,parentData:data4,parentDataProperty:i2,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var _valid6 = _errs53 === errors;
valid13 = valid13 || _valid6;
if(!valid13){
const err27 = {instancePath:instancePath+"/notIn/" + i2,schemaPath:"#/properties/notIn/items/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema65.properties.notIn.items.anyOf,parentSchema:schema65.properties.notIn.items,data:data5};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
validate44.errors = vErrors;
return false;
}
else {
errors = _errs43;
if(vErrors !== null){
if(_errs43){
vErrors.length = _errs43;
}
else {
vErrors = null;
}
}
}
var valid12 = _errs42 === errors;
if(!valid12){
break;
}
}
if(valid12){
let i3 = data4.length;
let j1;
if(i3 > 1){
outer1:
for(;i3--;){
for(j1 = i3; j1--;){
if(func0(data4[i3], data4[j1])){
validate44.errors = [{instancePath:instancePath+"/notIn",schemaPath:"#/properties/notIn/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j1},message:"must NOT have duplicate items (items ## "+j1+" and "+i3+" are identical)",schema:true,parentSchema:schema65.properties.notIn,data:data4}];
return false;
break outer1;
}
}
}
}
}
}
}
}
else {
validate44.errors = [{instancePath:instancePath+"/notIn",schemaPath:"#/properties/notIn/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema65.properties.notIn.type,parentSchema:schema65.properties.notIn,data:data4}];
return false;
}
}
var valid0 = _errs40 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.hasAny !== undefined){
let data6 = data.hasAny;
const _errs54 = errors;
if(errors === _errs54){
if(Array.isArray(data6)){
if(data6.length > 64){
validate44.errors = [{instancePath:instancePath+"/hasAny",schemaPath:"#/properties/hasAny/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema65.properties.hasAny,data:data6}];
return false;
}
else {
if(data6.length < 1){
validate44.errors = [{instancePath:instancePath+"/hasAny",schemaPath:"#/properties/hasAny/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema65.properties.hasAny,data:data6}];
return false;
}
else {
var valid17 = true;
const len2 = data6.length;
for(let i4=0; i4<len2; i4++){
let data7 = data6[i4];
const _errs56 = errors;
const _errs57 = errors;
let valid18 = false;
const _errs58 = errors;
const _errs60 = errors;
let valid20 = false;
const _errs61 = errors;
if(errors === _errs61){
if(typeof data7 === "string"){
if(func2(data7) > 512){
const err28 = {instancePath:instancePath+"/hasAny/" + i4,schemaPath:"#/$defs/scalar/anyOf/0/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema66.anyOf[0],data:data7};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
else {
if(func2(data7) < 1){
const err29 = {instancePath:instancePath+"/hasAny/" + i4,schemaPath:"#/$defs/scalar/anyOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema66.anyOf[0],data:data7};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
}
else {
const err30 = {instancePath:instancePath+"/hasAny/" + i4,schemaPath:"#/$defs/scalar/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema66.anyOf[0].type,parentSchema:schema66.anyOf[0],data:data7};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
var _valid9 = _errs61 === errors;
valid20 = valid20 || _valid9;
const _errs63 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
const err31 = {instancePath:instancePath+"/hasAny/" + i4,schemaPath:"#/$defs/scalar/anyOf/1/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema66.anyOf[1].type,parentSchema:schema66.anyOf[1],data:data7};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
var _valid9 = _errs63 === errors;
valid20 = valid20 || _valid9;
const _errs65 = errors;
if(typeof data7 !== "boolean"){
const err32 = {instancePath:instancePath+"/hasAny/" + i4,schemaPath:"#/$defs/scalar/anyOf/2/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema66.anyOf[2].type,parentSchema:schema66.anyOf[2],data:data7};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
var _valid9 = _errs65 === errors;
valid20 = valid20 || _valid9;
if(!valid20){
const err33 = {instancePath:instancePath+"/hasAny/" + i4,schemaPath:"#/$defs/scalar/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema66.anyOf,parentSchema:schema66,data:data7};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
else {
errors = _errs60;
if(vErrors !== null){
if(_errs60){
vErrors.length = _errs60;
}
else {
vErrors = null;
}
}
}
var _valid8 = _errs58 === errors;
valid18 = valid18 || _valid8;
const _errs67 = errors;
if(!(validate27(data7, {instancePath:instancePath+"/hasAny/" + i4,parentData:data6,parentDataProperty:i4,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var _valid8 = _errs67 === errors;
valid18 = valid18 || _valid8;
if(!valid18){
const err34 = {instancePath:instancePath+"/hasAny/" + i4,schemaPath:"#/properties/hasAny/items/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema65.properties.hasAny.items.anyOf,parentSchema:schema65.properties.hasAny.items,data:data7};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
validate44.errors = vErrors;
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
var valid17 = _errs56 === errors;
if(!valid17){
break;
}
}
if(valid17){
let i5 = data6.length;
let j2;
if(i5 > 1){
outer2:
for(;i5--;){
for(j2 = i5; j2--;){
if(func0(data6[i5], data6[j2])){
validate44.errors = [{instancePath:instancePath+"/hasAny",schemaPath:"#/properties/hasAny/uniqueItems",keyword:"uniqueItems",params:{i: i5, j: j2},message:"must NOT have duplicate items (items ## "+j2+" and "+i5+" are identical)",schema:true,parentSchema:schema65.properties.hasAny,data:data6}];
return false;
break outer2;
}
}
}
}
}
}
}
}
else {
validate44.errors = [{instancePath:instancePath+"/hasAny",schemaPath:"#/properties/hasAny/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema65.properties.hasAny.type,parentSchema:schema65.properties.hasAny,data:data6}];
return false;
}
}
var valid0 = _errs54 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.hasAll !== undefined){
let data8 = data.hasAll;
const _errs68 = errors;
if(errors === _errs68){
if(Array.isArray(data8)){
if(data8.length > 64){
validate44.errors = [{instancePath:instancePath+"/hasAll",schemaPath:"#/properties/hasAll/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema65.properties.hasAll,data:data8}];
return false;
}
else {
if(data8.length < 1){
validate44.errors = [{instancePath:instancePath+"/hasAll",schemaPath:"#/properties/hasAll/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema65.properties.hasAll,data:data8}];
return false;
}
else {
var valid22 = true;
const len3 = data8.length;
for(let i6=0; i6<len3; i6++){
let data9 = data8[i6];
const _errs70 = errors;
const _errs71 = errors;
let valid23 = false;
const _errs72 = errors;
const _errs74 = errors;
let valid25 = false;
const _errs75 = errors;
if(errors === _errs75){
if(typeof data9 === "string"){
if(func2(data9) > 512){
const err35 = {instancePath:instancePath+"/hasAll/" + i6,schemaPath:"#/$defs/scalar/anyOf/0/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema66.anyOf[0],data:data9};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
else {
if(func2(data9) < 1){
const err36 = {instancePath:instancePath+"/hasAll/" + i6,schemaPath:"#/$defs/scalar/anyOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema66.anyOf[0],data:data9};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
}
else {
const err37 = {instancePath:instancePath+"/hasAll/" + i6,schemaPath:"#/$defs/scalar/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema66.anyOf[0].type,parentSchema:schema66.anyOf[0],data:data9};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
var _valid11 = _errs75 === errors;
valid25 = valid25 || _valid11;
const _errs77 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
const err38 = {instancePath:instancePath+"/hasAll/" + i6,schemaPath:"#/$defs/scalar/anyOf/1/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema66.anyOf[1].type,parentSchema:schema66.anyOf[1],data:data9};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
var _valid11 = _errs77 === errors;
valid25 = valid25 || _valid11;
const _errs79 = errors;
if(typeof data9 !== "boolean"){
const err39 = {instancePath:instancePath+"/hasAll/" + i6,schemaPath:"#/$defs/scalar/anyOf/2/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema66.anyOf[2].type,parentSchema:schema66.anyOf[2],data:data9};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
var _valid11 = _errs79 === errors;
valid25 = valid25 || _valid11;
if(!valid25){
const err40 = {instancePath:instancePath+"/hasAll/" + i6,schemaPath:"#/$defs/scalar/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema66.anyOf,parentSchema:schema66,data:data9};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
else {
errors = _errs74;
if(vErrors !== null){
if(_errs74){
vErrors.length = _errs74;
}
else {
vErrors = null;
}
}
}
var _valid10 = _errs72 === errors;
valid23 = valid23 || _valid10;
const _errs81 = errors;
if(!(validate27(data9, {instancePath:instancePath+"/hasAll/" + i6,parentData:data8,parentDataProperty:i6,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var _valid10 = _errs81 === errors;
valid23 = valid23 || _valid10;
if(!valid23){
const err41 = {instancePath:instancePath+"/hasAll/" + i6,schemaPath:"#/properties/hasAll/items/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema65.properties.hasAll.items.anyOf,parentSchema:schema65.properties.hasAll.items,data:data9};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
validate44.errors = vErrors;
return false;
}
else {
errors = _errs71;
if(vErrors !== null){
if(_errs71){
vErrors.length = _errs71;
}
else {
vErrors = null;
}
}
}
var valid22 = _errs70 === errors;
if(!valid22){
break;
}
}
if(valid22){
let i7 = data8.length;
let j3;
if(i7 > 1){
outer3:
for(;i7--;){
for(j3 = i7; j3--;){
if(func0(data8[i7], data8[j3])){
validate44.errors = [{instancePath:instancePath+"/hasAll",schemaPath:"#/properties/hasAll/uniqueItems",keyword:"uniqueItems",params:{i: i7, j: j3},message:"must NOT have duplicate items (items ## "+j3+" and "+i7+" are identical)",schema:true,parentSchema:schema65.properties.hasAll,data:data8}];
return false;
break outer3;
}
}
}
}
}
}
}
}
else {
validate44.errors = [{instancePath:instancePath+"/hasAll",schemaPath:"#/properties/hasAll/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema65.properties.hasAll.type,parentSchema:schema65.properties.hasAll,data:data8}];
return false;
}
}
var valid0 = _errs68 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.hasNone !== undefined){
let data10 = data.hasNone;
const _errs82 = errors;
if(errors === _errs82){
if(Array.isArray(data10)){
if(data10.length > 64){
validate44.errors = [{instancePath:instancePath+"/hasNone",schemaPath:"#/properties/hasNone/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema65.properties.hasNone,data:data10}];
return false;
}
else {
if(data10.length < 1){
validate44.errors = [{instancePath:instancePath+"/hasNone",schemaPath:"#/properties/hasNone/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema65.properties.hasNone,data:data10}];
return false;
}
else {
var valid27 = true;
const len4 = data10.length;
for(let i8=0; i8<len4; i8++){
let data11 = data10[i8];
const _errs84 = errors;
const _errs85 = errors;
let valid28 = false;
const _errs86 = errors;
const _errs88 = errors;
let valid30 = false;
const _errs89 = errors;
if(errors === _errs89){
if(typeof data11 === "string"){
if(func2(data11) > 512){
const err42 = {instancePath:instancePath+"/hasNone/" + i8,schemaPath:"#/$defs/scalar/anyOf/0/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema66.anyOf[0],data:data11};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
else {
if(func2(data11) < 1){
const err43 = {instancePath:instancePath+"/hasNone/" + i8,schemaPath:"#/$defs/scalar/anyOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema66.anyOf[0],data:data11};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
}
else {
const err44 = {instancePath:instancePath+"/hasNone/" + i8,schemaPath:"#/$defs/scalar/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema66.anyOf[0].type,parentSchema:schema66.anyOf[0],data:data11};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
var _valid13 = _errs89 === errors;
valid30 = valid30 || _valid13;
const _errs91 = errors;
if(!(((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11))) && (isFinite(data11)))){
const err45 = {instancePath:instancePath+"/hasNone/" + i8,schemaPath:"#/$defs/scalar/anyOf/1/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema66.anyOf[1].type,parentSchema:schema66.anyOf[1],data:data11};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
var _valid13 = _errs91 === errors;
valid30 = valid30 || _valid13;
const _errs93 = errors;
if(typeof data11 !== "boolean"){
const err46 = {instancePath:instancePath+"/hasNone/" + i8,schemaPath:"#/$defs/scalar/anyOf/2/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema66.anyOf[2].type,parentSchema:schema66.anyOf[2],data:data11};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
var _valid13 = _errs93 === errors;
valid30 = valid30 || _valid13;
if(!valid30){
const err47 = {instancePath:instancePath+"/hasNone/" + i8,schemaPath:"#/$defs/scalar/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema66.anyOf,parentSchema:schema66,data:data11};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
else {
errors = _errs88;
if(vErrors !== null){
if(_errs88){
vErrors.length = _errs88;
}
else {
vErrors = null;
}
}
}
var _valid12 = _errs86 === errors;
valid28 = valid28 || _valid12;
const _errs95 = errors;
if(!(validate27(data11, {instancePath:instancePath+"/hasNone/" + i8,parentData:data10,parentDataProperty:i8,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var _valid12 = _errs95 === errors;
valid28 = valid28 || _valid12;
if(!valid28){
const err48 = {instancePath:instancePath+"/hasNone/" + i8,schemaPath:"#/properties/hasNone/items/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema65.properties.hasNone.items.anyOf,parentSchema:schema65.properties.hasNone.items,data:data11};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
validate44.errors = vErrors;
return false;
}
else {
errors = _errs85;
if(vErrors !== null){
if(_errs85){
vErrors.length = _errs85;
}
else {
vErrors = null;
}
}
}
var valid27 = _errs84 === errors;
if(!valid27){
break;
}
}
if(valid27){
let i9 = data10.length;
let j4;
if(i9 > 1){
outer4:
for(;i9--;){
for(j4 = i9; j4--;){
if(func0(data10[i9], data10[j4])){
validate44.errors = [{instancePath:instancePath+"/hasNone",schemaPath:"#/properties/hasNone/uniqueItems",keyword:"uniqueItems",params:{i: i9, j: j4},message:"must NOT have duplicate items (items ## "+j4+" and "+i9+" are identical)",schema:true,parentSchema:schema65.properties.hasNone,data:data10}];
return false;
break outer4;
}
}
}
}
}
}
}
}
else {
validate44.errors = [{instancePath:instancePath+"/hasNone",schemaPath:"#/properties/hasNone/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema65.properties.hasNone.type,parentSchema:schema65.properties.hasNone,data:data10}];
return false;
}
}
var valid0 = _errs82 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.lt !== undefined){
let data12 = data.lt;
const _errs96 = errors;
const _errs97 = errors;
let valid32 = false;
const _errs98 = errors;
const _errs100 = errors;
let valid34 = false;
const _errs101 = errors;
if(errors === _errs101){
if(typeof data12 === "string"){
if(func2(data12) > 512){
const err49 = {instancePath:instancePath+"/lt",schemaPath:"#/$defs/scalar/anyOf/0/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema66.anyOf[0],data:data12};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
else {
if(func2(data12) < 1){
const err50 = {instancePath:instancePath+"/lt",schemaPath:"#/$defs/scalar/anyOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema66.anyOf[0],data:data12};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
}
else {
const err51 = {instancePath:instancePath+"/lt",schemaPath:"#/$defs/scalar/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema66.anyOf[0].type,parentSchema:schema66.anyOf[0],data:data12};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
var _valid15 = _errs101 === errors;
valid34 = valid34 || _valid15;
const _errs103 = errors;
if(!(((typeof data12 == "number") && (!(data12 % 1) && !isNaN(data12))) && (isFinite(data12)))){
const err52 = {instancePath:instancePath+"/lt",schemaPath:"#/$defs/scalar/anyOf/1/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema66.anyOf[1].type,parentSchema:schema66.anyOf[1],data:data12};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
var _valid15 = _errs103 === errors;
valid34 = valid34 || _valid15;
const _errs105 = errors;
if(typeof data12 !== "boolean"){
const err53 = {instancePath:instancePath+"/lt",schemaPath:"#/$defs/scalar/anyOf/2/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema66.anyOf[2].type,parentSchema:schema66.anyOf[2],data:data12};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
var _valid15 = _errs105 === errors;
valid34 = valid34 || _valid15;
if(!valid34){
const err54 = {instancePath:instancePath+"/lt",schemaPath:"#/$defs/scalar/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema66.anyOf,parentSchema:schema66,data:data12};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
else {
errors = _errs100;
if(vErrors !== null){
if(_errs100){
vErrors.length = _errs100;
}
else {
vErrors = null;
}
}
}
var _valid14 = _errs98 === errors;
valid32 = valid32 || _valid14;
const _errs107 = errors;
if(!(validate27(data12, {instancePath:instancePath+"/lt",parentData:data,parentDataProperty:"lt",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var _valid14 = _errs107 === errors;
valid32 = valid32 || _valid14;
if(!valid32){
const err55 = {instancePath:instancePath+"/lt",schemaPath:"#/properties/lt/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema65.properties.lt.anyOf,parentSchema:schema65.properties.lt,data:data12};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
validate44.errors = vErrors;
return false;
}
else {
errors = _errs97;
if(vErrors !== null){
if(_errs97){
vErrors.length = _errs97;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs96 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.lte !== undefined){
let data13 = data.lte;
const _errs108 = errors;
const _errs109 = errors;
let valid35 = false;
const _errs110 = errors;
const _errs112 = errors;
let valid37 = false;
const _errs113 = errors;
if(errors === _errs113){
if(typeof data13 === "string"){
if(func2(data13) > 512){
const err56 = {instancePath:instancePath+"/lte",schemaPath:"#/$defs/scalar/anyOf/0/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema66.anyOf[0],data:data13};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
else {
if(func2(data13) < 1){
const err57 = {instancePath:instancePath+"/lte",schemaPath:"#/$defs/scalar/anyOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema66.anyOf[0],data:data13};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
}
else {
const err58 = {instancePath:instancePath+"/lte",schemaPath:"#/$defs/scalar/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema66.anyOf[0].type,parentSchema:schema66.anyOf[0],data:data13};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
var _valid17 = _errs113 === errors;
valid37 = valid37 || _valid17;
const _errs115 = errors;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
const err59 = {instancePath:instancePath+"/lte",schemaPath:"#/$defs/scalar/anyOf/1/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema66.anyOf[1].type,parentSchema:schema66.anyOf[1],data:data13};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
var _valid17 = _errs115 === errors;
valid37 = valid37 || _valid17;
const _errs117 = errors;
if(typeof data13 !== "boolean"){
const err60 = {instancePath:instancePath+"/lte",schemaPath:"#/$defs/scalar/anyOf/2/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema66.anyOf[2].type,parentSchema:schema66.anyOf[2],data:data13};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
var _valid17 = _errs117 === errors;
valid37 = valid37 || _valid17;
if(!valid37){
const err61 = {instancePath:instancePath+"/lte",schemaPath:"#/$defs/scalar/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema66.anyOf,parentSchema:schema66,data:data13};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
else {
errors = _errs112;
if(vErrors !== null){
if(_errs112){
vErrors.length = _errs112;
}
else {
vErrors = null;
}
}
}
var _valid16 = _errs110 === errors;
valid35 = valid35 || _valid16;
const _errs119 = errors;
if(!(validate27(data13, {instancePath:instancePath+"/lte",parentData:data,parentDataProperty:"lte",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var _valid16 = _errs119 === errors;
valid35 = valid35 || _valid16;
if(!valid35){
const err62 = {instancePath:instancePath+"/lte",schemaPath:"#/properties/lte/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema65.properties.lte.anyOf,parentSchema:schema65.properties.lte,data:data13};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
validate44.errors = vErrors;
return false;
}
else {
errors = _errs109;
if(vErrors !== null){
if(_errs109){
vErrors.length = _errs109;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs108 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gt !== undefined){
let data14 = data.gt;
const _errs120 = errors;
const _errs121 = errors;
let valid38 = false;
const _errs122 = errors;
const _errs124 = errors;
let valid40 = false;
const _errs125 = errors;
if(errors === _errs125){
if(typeof data14 === "string"){
if(func2(data14) > 512){
const err63 = {instancePath:instancePath+"/gt",schemaPath:"#/$defs/scalar/anyOf/0/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema66.anyOf[0],data:data14};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
else {
if(func2(data14) < 1){
const err64 = {instancePath:instancePath+"/gt",schemaPath:"#/$defs/scalar/anyOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema66.anyOf[0],data:data14};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
}
else {
const err65 = {instancePath:instancePath+"/gt",schemaPath:"#/$defs/scalar/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema66.anyOf[0].type,parentSchema:schema66.anyOf[0],data:data14};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
var _valid19 = _errs125 === errors;
valid40 = valid40 || _valid19;
const _errs127 = errors;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
const err66 = {instancePath:instancePath+"/gt",schemaPath:"#/$defs/scalar/anyOf/1/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema66.anyOf[1].type,parentSchema:schema66.anyOf[1],data:data14};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
var _valid19 = _errs127 === errors;
valid40 = valid40 || _valid19;
const _errs129 = errors;
if(typeof data14 !== "boolean"){
const err67 = {instancePath:instancePath+"/gt",schemaPath:"#/$defs/scalar/anyOf/2/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema66.anyOf[2].type,parentSchema:schema66.anyOf[2],data:data14};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
var _valid19 = _errs129 === errors;
valid40 = valid40 || _valid19;
if(!valid40){
const err68 = {instancePath:instancePath+"/gt",schemaPath:"#/$defs/scalar/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema66.anyOf,parentSchema:schema66,data:data14};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
else {
errors = _errs124;
if(vErrors !== null){
if(_errs124){
vErrors.length = _errs124;
}
else {
vErrors = null;
}
}
}
var _valid18 = _errs122 === errors;
valid38 = valid38 || _valid18;
const _errs131 = errors;
if(!(validate27(data14, {instancePath:instancePath+"/gt",parentData:data,parentDataProperty:"gt",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var _valid18 = _errs131 === errors;
valid38 = valid38 || _valid18;
if(!valid38){
const err69 = {instancePath:instancePath+"/gt",schemaPath:"#/properties/gt/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema65.properties.gt.anyOf,parentSchema:schema65.properties.gt,data:data14};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
validate44.errors = vErrors;
return false;
}
else {
errors = _errs121;
if(vErrors !== null){
if(_errs121){
vErrors.length = _errs121;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs120 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gte !== undefined){
let data15 = data.gte;
const _errs132 = errors;
const _errs133 = errors;
let valid41 = false;
const _errs134 = errors;
const _errs136 = errors;
let valid43 = false;
const _errs137 = errors;
if(errors === _errs137){
if(typeof data15 === "string"){
if(func2(data15) > 512){
const err70 = {instancePath:instancePath+"/gte",schemaPath:"#/$defs/scalar/anyOf/0/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema66.anyOf[0],data:data15};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
else {
if(func2(data15) < 1){
const err71 = {instancePath:instancePath+"/gte",schemaPath:"#/$defs/scalar/anyOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema66.anyOf[0],data:data15};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
}
else {
const err72 = {instancePath:instancePath+"/gte",schemaPath:"#/$defs/scalar/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema66.anyOf[0].type,parentSchema:schema66.anyOf[0],data:data15};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
var _valid21 = _errs137 === errors;
valid43 = valid43 || _valid21;
const _errs139 = errors;
if(!(((typeof data15 == "number") && (!(data15 % 1) && !isNaN(data15))) && (isFinite(data15)))){
const err73 = {instancePath:instancePath+"/gte",schemaPath:"#/$defs/scalar/anyOf/1/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema66.anyOf[1].type,parentSchema:schema66.anyOf[1],data:data15};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
var _valid21 = _errs139 === errors;
valid43 = valid43 || _valid21;
const _errs141 = errors;
if(typeof data15 !== "boolean"){
const err74 = {instancePath:instancePath+"/gte",schemaPath:"#/$defs/scalar/anyOf/2/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema66.anyOf[2].type,parentSchema:schema66.anyOf[2],data:data15};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
var _valid21 = _errs141 === errors;
valid43 = valid43 || _valid21;
if(!valid43){
const err75 = {instancePath:instancePath+"/gte",schemaPath:"#/$defs/scalar/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema66.anyOf,parentSchema:schema66,data:data15};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
else {
errors = _errs136;
if(vErrors !== null){
if(_errs136){
vErrors.length = _errs136;
}
else {
vErrors = null;
}
}
}
var _valid20 = _errs134 === errors;
valid41 = valid41 || _valid20;
const _errs143 = errors;
if(!(validate27(data15, {instancePath:instancePath+"/gte",parentData:data,parentDataProperty:"gte",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var _valid20 = _errs143 === errors;
valid41 = valid41 || _valid20;
if(!valid41){
const err76 = {instancePath:instancePath+"/gte",schemaPath:"#/properties/gte/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema65.properties.gte.anyOf,parentSchema:schema65.properties.gte,data:data15};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
validate44.errors = vErrors;
return false;
}
else {
errors = _errs133;
if(vErrors !== null){
if(_errs133){
vErrors.length = _errs133;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs132 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.exists !== undefined){
let data16 = data.exists;
const _errs144 = errors;
if(typeof data16 !== "boolean"){
validate44.errors = [{instancePath:instancePath+"/exists",schemaPath:"#/properties/exists/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema65.properties.exists.type,parentSchema:schema65.properties.exists,data:data16}];
return false;
}
var valid0 = _errs144 === errors;
}
else {
var valid0 = true;
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
}
}
}
}
}
else {
validate44.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema65.type,parentSchema:schema65,data}];
return false;
}
}
validate44.errors = vErrors;
return errors === 0;
}
validate44.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const wrapper0 = {validate: validate43};

function validate43(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate43.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
if(Object.keys(data).length < 1){
validate43.errors = [{instancePath,schemaPath:"#/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema64,data}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((key0 === "all") || (key0 === "any")) || (key0 === "not"))){
const _errs2 = errors;
if(!(validate44(data[key0], {instancePath:instancePath+"/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data,parentDataProperty:key0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate44.errors : vErrors.concat(validate44.errors);
errors = vErrors.length;
}
var valid0 = _errs2 === errors;
if(!valid0){
break;
}
}
}
if(_errs1 === errors){
if(data.all !== undefined){
let data1 = data.all;
const _errs3 = errors;
if(errors === _errs3){
if(Array.isArray(data1)){
if(data1.length > 64){
validate43.errors = [{instancePath:instancePath+"/all",schemaPath:"#/properties/all/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema64.properties.all,data:data1}];
return false;
}
else {
if(data1.length < 1){
validate43.errors = [{instancePath:instancePath+"/all",schemaPath:"#/properties/all/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema64.properties.all,data:data1}];
return false;
}
else {
var valid2 = true;
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
const _errs5 = errors;
if(!(wrapper0.validate(data1[i0], {instancePath:instancePath+"/all/" + i0,parentData:data1,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? wrapper0.validate.errors : vErrors.concat(wrapper0.validate.errors);
errors = vErrors.length;
}
var valid2 = _errs5 === errors;
if(!valid2){
break;
}
}
}
}
}
else {
validate43.errors = [{instancePath:instancePath+"/all",schemaPath:"#/properties/all/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema64.properties.all.type,parentSchema:schema64.properties.all,data:data1}];
return false;
}
}
var valid1 = _errs3 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data.any !== undefined){
let data3 = data.any;
const _errs6 = errors;
if(errors === _errs6){
if(Array.isArray(data3)){
if(data3.length > 64){
validate43.errors = [{instancePath:instancePath+"/any",schemaPath:"#/properties/any/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema64.properties.any,data:data3}];
return false;
}
else {
if(data3.length < 1){
validate43.errors = [{instancePath:instancePath+"/any",schemaPath:"#/properties/any/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema64.properties.any,data:data3}];
return false;
}
else {
var valid3 = true;
const len1 = data3.length;
for(let i1=0; i1<len1; i1++){
const _errs8 = errors;
if(!(wrapper0.validate(data3[i1], {instancePath:instancePath+"/any/" + i1,parentData:data3,parentDataProperty:i1,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? wrapper0.validate.errors : vErrors.concat(wrapper0.validate.errors);
errors = vErrors.length;
}
var valid3 = _errs8 === errors;
if(!valid3){
break;
}
}
}
}
}
else {
validate43.errors = [{instancePath:instancePath+"/any",schemaPath:"#/properties/any/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema64.properties.any.type,parentSchema:schema64.properties.any,data:data3}];
return false;
}
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data.not !== undefined){
const _errs9 = errors;
if(!(wrapper0.validate(data.not, {instancePath:instancePath+"/not",parentData:data,parentDataProperty:"not",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? wrapper0.validate.errors : vErrors.concat(wrapper0.validate.errors);
errors = vErrors.length;
}
var valid1 = _errs9 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate43.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema64.type,parentSchema:schema64,data}];
return false;
}
}
validate43.errors = vErrors;
return errors === 0;
}
validate43.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate41(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate41.evaluated;
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
let missing0;
if((data.unrestricted === undefined) && (missing0 = "unrestricted")){
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
let ifClause0;
if(_valid0){
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.operations !== undefined){
let data0 = data.operations;
if(!func0(data0, schema62.then.properties.operations.const)){
validate41.errors = [{instancePath:instancePath+"/operations",schemaPath:"#/then/properties/operations/const",keyword:"const",params:{allowedValue: schema62.then.properties.operations.const},message:"must be equal to constant",schema:schema62.then.properties.operations.const,parentSchema:schema62.then.properties.operations,data:data0}];
return false;
}
}
}
var _valid0 = _errs3 === errors;
valid0 = _valid0;
if(valid0){
var props0 = {};
props0.operations = true;
props0.unrestricted = true;
}
ifClause0 = "then";
}
else {
const _errs5 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.operations !== undefined){
let data1 = data.operations;
const _errs6 = errors;
if(errors === _errs6){
if(Array.isArray(data1)){
var valid3 = true;
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
const _errs8 = errors;
if(typeof data2 !== "string"){
validate41.errors = [{instancePath:instancePath+"/operations/" + i0,schemaPath:"#/else/properties/operations/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema62.else.properties.operations.items.type,parentSchema:schema62.else.properties.operations.items,data:data2}];
return false;
}
if(!((((((((((((((((((data2 === "read") || (data2 === "transform")) || (data2 === "aggregate")) || (data2 === "derive")) || (data2 === "infer")) || (data2 === "train")) || (data2 === "profile")) || (data2 === "log")) || (data2 === "store")) || (data2 === "copy")) || (data2 === "share")) || (data2 === "disclose")) || (data2 === "transfer")) || (data2 === "export")) || (data2 === "anonymise")) || (data2 === "pseudonymise")) || (data2 === "declassify")) || (data2 === "delegate"))){
validate41.errors = [{instancePath:instancePath+"/operations/" + i0,schemaPath:"#/else/properties/operations/items/enum",keyword:"enum",params:{allowedValues: schema62.else.properties.operations.items.enum},message:"must be equal to one of the allowed values",schema:schema62.else.properties.operations.items.enum,parentSchema:schema62.else.properties.operations.items,data:data2}];
return false;
}
var valid3 = _errs8 === errors;
if(!valid3){
break;
}
}
}
else {
validate41.errors = [{instancePath:instancePath+"/operations",schemaPath:"#/else/properties/operations/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema62.else.properties.operations.type,parentSchema:schema62.else.properties.operations,data:data1}];
return false;
}
}
}
}
var _valid0 = _errs5 === errors;
valid0 = _valid0;
if(valid0){
if(props0 !== true){
props0 = props0 || {};
props0.operations = true;
}
}
ifClause0 = "else";
}
if(!valid0){
const err1 = {instancePath,schemaPath:"#/if",keyword:"if",params:{failingKeyword: ifClause0},message:"must match \""+ifClause0+"\" schema",schema:schema62.if,parentSchema:schema62,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
validate41.errors = vErrors;
return false;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing1;
if(((data.id === undefined) && (missing1 = "id")) || ((data.operations === undefined) && (missing1 = "operations"))){
validate41.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'",schema:schema62.required,parentSchema:schema62,data}];
return false;
}
else {
const _errs10 = errors;
for(const key0 in data){
if(!((((((((key0 === "id") || (key0 === "operations")) || (key0 === "unrestricted")) || (key0 === "purposes")) || (key0 === "when")) || (key0 === "duties")) || (key0 === "consents")) || (key0 === "waives"))){
validate41.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema62,data}];
return false;
break;
}
}
if(_errs10 === errors){
if(data.id !== undefined){
let data3 = data.id;
const _errs11 = errors;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data3 === "string"){
if(!pattern24.test(data3)){
validate41.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/id/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z][A-Za-z0-9._-]{0,63}$"},message:"must match pattern \""+"^[A-Za-z][A-Za-z0-9._-]{0,63}$"+"\"",schema:"^[A-Za-z][A-Za-z0-9._-]{0,63}$",parentSchema:schema63,data:data3}];
return false;
}
}
else {
validate41.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/id/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema63.type,parentSchema:schema63,data:data3}];
return false;
}
}
var valid4 = _errs11 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data.operations !== undefined){
let data4 = data.operations;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data4)){
if(data4.length > 19){
validate41.errors = [{instancePath:instancePath+"/operations",schemaPath:"#/properties/operations/maxItems",keyword:"maxItems",params:{limit: 19},message:"must NOT have more than 19 items",schema:19,parentSchema:schema62.properties.operations,data:data4}];
return false;
}
else {
if(data4.length < 1){
validate41.errors = [{instancePath:instancePath+"/operations",schemaPath:"#/properties/operations/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema62.properties.operations,data:data4}];
return false;
}
else {
var valid6 = true;
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
let data5 = data4[i1];
const _errs16 = errors;
if(typeof data5 !== "string"){
validate41.errors = [{instancePath:instancePath+"/operations/" + i1,schemaPath:"#/properties/operations/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema62.properties.operations.items.type,parentSchema:schema62.properties.operations.items,data:data5}];
return false;
}
if(!(((((((((((((((((((data5 === "*") || (data5 === "read")) || (data5 === "transform")) || (data5 === "aggregate")) || (data5 === "derive")) || (data5 === "infer")) || (data5 === "train")) || (data5 === "profile")) || (data5 === "log")) || (data5 === "store")) || (data5 === "copy")) || (data5 === "share")) || (data5 === "disclose")) || (data5 === "transfer")) || (data5 === "export")) || (data5 === "anonymise")) || (data5 === "pseudonymise")) || (data5 === "declassify")) || (data5 === "delegate"))){
validate41.errors = [{instancePath:instancePath+"/operations/" + i1,schemaPath:"#/properties/operations/items/enum",keyword:"enum",params:{allowedValues: schema62.properties.operations.items.enum},message:"must be equal to one of the allowed values",schema:schema62.properties.operations.items.enum,parentSchema:schema62.properties.operations.items,data:data5}];
return false;
}
var valid6 = _errs16 === errors;
if(!valid6){
break;
}
}
if(valid6){
let i2 = data4.length;
let j0;
if(i2 > 1){
const indices0 = {};
for(;i2--;){
let item0 = data4[i2];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
validate41.errors = [{instancePath:instancePath+"/operations",schemaPath:"#/properties/operations/uniqueItems",keyword:"uniqueItems",params:{i: i2, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i2+" are identical)",schema:true,parentSchema:schema62.properties.operations,data:data4}];
return false;
break;
}
indices0[item0] = i2;
}
}
}
}
}
}
else {
validate41.errors = [{instancePath:instancePath+"/operations",schemaPath:"#/properties/operations/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema62.properties.operations.type,parentSchema:schema62.properties.operations,data:data4}];
return false;
}
}
var valid4 = _errs14 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data.unrestricted !== undefined){
let data6 = data.unrestricted;
const _errs18 = errors;
if(true !== data6){
validate41.errors = [{instancePath:instancePath+"/unrestricted",schemaPath:"#/properties/unrestricted/const",keyword:"const",params:{allowedValue: true},message:"must be equal to constant",schema:true,parentSchema:schema62.properties.unrestricted,data:data6}];
return false;
}
var valid4 = _errs18 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data.purposes !== undefined){
const _errs19 = errors;
if(!(validate22(data.purposes, {instancePath:instancePath+"/purposes",parentData:data,parentDataProperty:"purposes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
var valid4 = _errs19 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data.when !== undefined){
const _errs20 = errors;
if(!(validate43(data.when, {instancePath:instancePath+"/when",parentData:data,parentDataProperty:"when",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate43.errors : vErrors.concat(validate43.errors);
errors = vErrors.length;
}
var valid4 = _errs20 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data.duties !== undefined){
let data9 = data.duties;
const _errs21 = errors;
if(errors === _errs21){
if(Array.isArray(data9)){
if(data9.length > 64){
validate41.errors = [{instancePath:instancePath+"/duties",schemaPath:"#/properties/duties/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema62.properties.duties,data:data9}];
return false;
}
else {
if(data9.length < 1){
validate41.errors = [{instancePath:instancePath+"/duties",schemaPath:"#/properties/duties/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema62.properties.duties,data:data9}];
return false;
}
else {
var valid8 = true;
const len2 = data9.length;
for(let i3=0; i3<len2; i3++){
let data10 = data9[i3];
const _errs23 = errors;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data10 === "string"){
if(!pattern24.test(data10)){
validate41.errors = [{instancePath:instancePath+"/duties/" + i3,schemaPath:"#/$defs/id/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z][A-Za-z0-9._-]{0,63}$"},message:"must match pattern \""+"^[A-Za-z][A-Za-z0-9._-]{0,63}$"+"\"",schema:"^[A-Za-z][A-Za-z0-9._-]{0,63}$",parentSchema:schema63,data:data10}];
return false;
}
}
else {
validate41.errors = [{instancePath:instancePath+"/duties/" + i3,schemaPath:"#/$defs/id/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema63.type,parentSchema:schema63,data:data10}];
return false;
}
}
var valid8 = _errs23 === errors;
if(!valid8){
break;
}
}
if(valid8){
let i4 = data9.length;
let j1;
if(i4 > 1){
outer0:
for(;i4--;){
for(j1 = i4; j1--;){
if(func0(data9[i4], data9[j1])){
validate41.errors = [{instancePath:instancePath+"/duties",schemaPath:"#/properties/duties/uniqueItems",keyword:"uniqueItems",params:{i: i4, j: j1},message:"must NOT have duplicate items (items ## "+j1+" and "+i4+" are identical)",schema:true,parentSchema:schema62.properties.duties,data:data9}];
return false;
break outer0;
}
}
}
}
}
}
}
}
else {
validate41.errors = [{instancePath:instancePath+"/duties",schemaPath:"#/properties/duties/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema62.properties.duties.type,parentSchema:schema62.properties.duties,data:data9}];
return false;
}
}
var valid4 = _errs21 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data.consents !== undefined){
let data11 = data.consents;
const _errs26 = errors;
if(errors === _errs26){
if(Array.isArray(data11)){
if(data11.length > 16){
validate41.errors = [{instancePath:instancePath+"/consents",schemaPath:"#/properties/consents/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema62.properties.consents,data:data11}];
return false;
}
else {
if(data11.length < 1){
validate41.errors = [{instancePath:instancePath+"/consents",schemaPath:"#/properties/consents/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema62.properties.consents,data:data11}];
return false;
}
else {
var valid11 = true;
const len3 = data11.length;
for(let i5=0; i5<len3; i5++){
const _errs28 = errors;
if(!(validate37(data11[i5], {instancePath:instancePath+"/consents/" + i5,parentData:data11,parentDataProperty:i5,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
var valid11 = _errs28 === errors;
if(!valid11){
break;
}
}
if(valid11){
let i6 = data11.length;
let j2;
if(i6 > 1){
outer1:
for(;i6--;){
for(j2 = i6; j2--;){
if(func0(data11[i6], data11[j2])){
validate41.errors = [{instancePath:instancePath+"/consents",schemaPath:"#/properties/consents/uniqueItems",keyword:"uniqueItems",params:{i: i6, j: j2},message:"must NOT have duplicate items (items ## "+j2+" and "+i6+" are identical)",schema:true,parentSchema:schema62.properties.consents,data:data11}];
return false;
break outer1;
}
}
}
}
}
}
}
}
else {
validate41.errors = [{instancePath:instancePath+"/consents",schemaPath:"#/properties/consents/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema62.properties.consents.type,parentSchema:schema62.properties.consents,data:data11}];
return false;
}
}
var valid4 = _errs26 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data.waives !== undefined){
let data13 = data.waives;
const _errs29 = errors;
if(errors === _errs29){
if(Array.isArray(data13)){
if(data13.length > 3){
validate41.errors = [{instancePath:instancePath+"/waives",schemaPath:"#/properties/waives/maxItems",keyword:"maxItems",params:{limit: 3},message:"must NOT have more than 3 items",schema:3,parentSchema:schema62.properties.waives,data:data13}];
return false;
}
else {
if(data13.length < 1){
validate41.errors = [{instancePath:instancePath+"/waives",schemaPath:"#/properties/waives/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema62.properties.waives,data:data13}];
return false;
}
else {
var valid13 = true;
const len4 = data13.length;
for(let i7=0; i7<len4; i7++){
let data14 = data13[i7];
const _errs31 = errors;
if(typeof data14 !== "string"){
validate41.errors = [{instancePath:instancePath+"/waives/" + i7,schemaPath:"#/properties/waives/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema62.properties.waives.items.type,parentSchema:schema62.properties.waives.items,data:data14}];
return false;
}
if(!(((data14 === "consents") || (data14 === "maxStaleness")) || (data14 === "regions"))){
validate41.errors = [{instancePath:instancePath+"/waives/" + i7,schemaPath:"#/properties/waives/items/enum",keyword:"enum",params:{allowedValues: schema62.properties.waives.items.enum},message:"must be equal to one of the allowed values",schema:schema62.properties.waives.items.enum,parentSchema:schema62.properties.waives.items,data:data14}];
return false;
}
var valid13 = _errs31 === errors;
if(!valid13){
break;
}
}
if(valid13){
let i8 = data13.length;
let j3;
if(i8 > 1){
const indices1 = {};
for(;i8--;){
let item1 = data13[i8];
if(typeof item1 !== "string"){
continue;
}
if(typeof indices1[item1] == "number"){
j3 = indices1[item1];
validate41.errors = [{instancePath:instancePath+"/waives",schemaPath:"#/properties/waives/uniqueItems",keyword:"uniqueItems",params:{i: i8, j: j3},message:"must NOT have duplicate items (items ## "+j3+" and "+i8+" are identical)",schema:true,parentSchema:schema62.properties.waives,data:data13}];
return false;
break;
}
indices1[item1] = i8;
}
}
}
}
}
}
else {
validate41.errors = [{instancePath:instancePath+"/waives",schemaPath:"#/properties/waives/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema62.properties.waives.type,parentSchema:schema62.properties.waives,data:data13}];
return false;
}
}
var valid4 = _errs29 === errors;
}
else {
var valid4 = true;
}
if(valid4){
let missing2;
if(data.waives !== undefined && (((data.purposes === undefined) && (missing2 = "purposes")) || ((data.duties === undefined) && (missing2 = "duties")))){
validate41.errors = [{instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "waives",
    missingProperty: missing2,
    depsCount: 2,
    deps: "purposes, duties"},message:"must have properties purposes, duties when property waives is present",schema:schema62.dependentRequired,parentSchema:schema62,data}];
return false;
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
}
}
else {
validate41.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema62.type,parentSchema:schema62,data}];
return false;
}
}
validate41.errors = vErrors;
return errors === 0;
}
validate41.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema78 = {"type":"object","properties":{"id":{"$ref":"#/$defs/id"},"operations":{"anyOf":[{"const":["*"]},{"type":"array","items":{"$ref":"#/$defs/operation"},"minItems":1,"maxItems":19,"uniqueItems":true}]},"purposes":{"type":"array","items":{"$ref":"#/$defs/term"},"minItems":1,"maxItems":64,"uniqueItems":true},"when":{"$ref":"#/$defs/condition"}},"additionalProperties":false,"required":["id","operations"]};

function validate60(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate60.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.id === undefined) && (missing0 = "id")) || ((data.operations === undefined) && (missing0 = "operations"))){
validate60.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'",schema:schema78.required,parentSchema:schema78,data}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((key0 === "id") || (key0 === "operations")) || (key0 === "purposes")) || (key0 === "when"))){
validate60.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema78,data}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.id !== undefined){
let data0 = data.id;
const _errs2 = errors;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern24.test(data0)){
validate60.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/id/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z][A-Za-z0-9._-]{0,63}$"},message:"must match pattern \""+"^[A-Za-z][A-Za-z0-9._-]{0,63}$"+"\"",schema:"^[A-Za-z][A-Za-z0-9._-]{0,63}$",parentSchema:schema63,data:data0}];
return false;
}
}
else {
validate60.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/id/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema63.type,parentSchema:schema63,data:data0}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operations !== undefined){
let data1 = data.operations;
const _errs5 = errors;
const _errs6 = errors;
let valid2 = false;
const _errs7 = errors;
if(!func0(data1, schema78.properties.operations.anyOf[0].const)){
const err0 = {instancePath:instancePath+"/operations",schemaPath:"#/properties/operations/anyOf/0/const",keyword:"const",params:{allowedValue: schema78.properties.operations.anyOf[0].const},message:"must be equal to constant",schema:schema78.properties.operations.anyOf[0].const,parentSchema:schema78.properties.operations.anyOf[0],data:data1};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
var _valid0 = _errs7 === errors;
valid2 = valid2 || _valid0;
const _errs8 = errors;
if(errors === _errs8){
if(Array.isArray(data1)){
if(data1.length > 19){
const err1 = {instancePath:instancePath+"/operations",schemaPath:"#/properties/operations/anyOf/1/maxItems",keyword:"maxItems",params:{limit: 19},message:"must NOT have more than 19 items",schema:19,parentSchema:schema78.properties.operations.anyOf[1],data:data1};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
else {
if(data1.length < 1){
const err2 = {instancePath:instancePath+"/operations",schemaPath:"#/properties/operations/anyOf/1/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema78.properties.operations.anyOf[1],data:data1};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
else {
var valid3 = true;
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
const _errs10 = errors;
if(typeof data2 !== "string"){
const err3 = {instancePath:instancePath+"/operations/" + i0,schemaPath:"#/$defs/operation/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema46.type,parentSchema:schema46,data:data2};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(!(((((((((((((((((((data2 === "read") || (data2 === "transform")) || (data2 === "aggregate")) || (data2 === "derive")) || (data2 === "infer")) || (data2 === "train")) || (data2 === "profile")) || (data2 === "log")) || (data2 === "store")) || (data2 === "copy")) || (data2 === "share")) || (data2 === "disclose")) || (data2 === "transfer")) || (data2 === "export")) || (data2 === "anonymise")) || (data2 === "pseudonymise")) || (data2 === "delete")) || (data2 === "declassify")) || (data2 === "delegate"))){
const err4 = {instancePath:instancePath+"/operations/" + i0,schemaPath:"#/$defs/operation/enum",keyword:"enum",params:{allowedValues: schema46.enum},message:"must be equal to one of the allowed values",schema:schema46.enum,parentSchema:schema46,data:data2};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
var valid3 = _errs10 === errors;
if(!valid3){
break;
}
}
if(valid3){
let i1 = data1.length;
let j0;
if(i1 > 1){
outer0:
for(;i1--;){
for(j0 = i1; j0--;){
if(func0(data1[i1], data1[j0])){
const err5 = {instancePath:instancePath+"/operations",schemaPath:"#/properties/operations/anyOf/1/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)",schema:true,parentSchema:schema78.properties.operations.anyOf[1],data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
break outer0;
}
}
}
}
}
}
}
}
else {
const err6 = {instancePath:instancePath+"/operations",schemaPath:"#/properties/operations/anyOf/1/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema78.properties.operations.anyOf[1].type,parentSchema:schema78.properties.operations.anyOf[1],data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
var _valid0 = _errs8 === errors;
valid2 = valid2 || _valid0;
if(!valid2){
const err7 = {instancePath:instancePath+"/operations",schemaPath:"#/properties/operations/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema78.properties.operations.anyOf,parentSchema:schema78.properties.operations,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
validate60.errors = vErrors;
return false;
}
else {
errors = _errs6;
if(vErrors !== null){
if(_errs6){
vErrors.length = _errs6;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.purposes !== undefined){
let data3 = data.purposes;
const _errs13 = errors;
if(errors === _errs13){
if(Array.isArray(data3)){
if(data3.length > 64){
validate60.errors = [{instancePath:instancePath+"/purposes",schemaPath:"#/properties/purposes/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema78.properties.purposes,data:data3}];
return false;
}
else {
if(data3.length < 1){
validate60.errors = [{instancePath:instancePath+"/purposes",schemaPath:"#/properties/purposes/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema78.properties.purposes,data:data3}];
return false;
}
else {
var valid6 = true;
const len1 = data3.length;
for(let i2=0; i2<len1; i2++){
let data4 = data3[i2];
const _errs15 = errors;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data4 === "string"){
if(func2(data4) > 512){
validate60.errors = [{instancePath:instancePath+"/purposes/" + i2,schemaPath:"#/$defs/term/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema37,data:data4}];
return false;
}
else {
if(!pattern8.test(data4)){
validate60.errors = [{instancePath:instancePath+"/purposes/" + i2,schemaPath:"#/$defs/term/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema37,data:data4}];
return false;
}
}
}
else {
validate60.errors = [{instancePath:instancePath+"/purposes/" + i2,schemaPath:"#/$defs/term/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema37.type,parentSchema:schema37,data:data4}];
return false;
}
}
var valid6 = _errs15 === errors;
if(!valid6){
break;
}
}
if(valid6){
let i3 = data3.length;
let j1;
if(i3 > 1){
outer1:
for(;i3--;){
for(j1 = i3; j1--;){
if(func0(data3[i3], data3[j1])){
validate60.errors = [{instancePath:instancePath+"/purposes",schemaPath:"#/properties/purposes/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j1},message:"must NOT have duplicate items (items ## "+j1+" and "+i3+" are identical)",schema:true,parentSchema:schema78.properties.purposes,data:data3}];
return false;
break outer1;
}
}
}
}
}
}
}
}
else {
validate60.errors = [{instancePath:instancePath+"/purposes",schemaPath:"#/properties/purposes/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema78.properties.purposes.type,parentSchema:schema78.properties.purposes,data:data3}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.when !== undefined){
const _errs18 = errors;
if(!(validate43(data.when, {instancePath:instancePath+"/when",parentData:data,parentDataProperty:"when",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate43.errors : vErrors.concat(validate43.errors);
errors = vErrors.length;
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate60.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema78.type,parentSchema:schema78,data}];
return false;
}
}
validate60.errors = vErrors;
return errors === 0;
}
validate60.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema82 = {"type":"object","properties":{"id":{"$ref":"#/$defs/id"},"type":{"anyOf":[{"type":"string","enum":["attribute","compensate","delete","inform","log","report","review"]},{"$ref":"#/$defs/iri"}]},"trigger":{"type":"string","enum":["before-use","each-use","after-use"]},"within":{"$ref":"#/$defs/duration"},"by":{"$ref":"#/$defs/iri"},"proof":{"type":"string","enum":["receipt","attestation"]},"criticality":{"type":"string","enum":["required","best_effort","advisory"]}},"additionalProperties":false,"required":["id","type","trigger"],"if":{"properties":{"trigger":{"const":"before-use"}}},"then":{"properties":{"within":false}}};

function validate63(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate63.evaluated;
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
if(data.trigger !== undefined){
if("before-use" !== data.trigger){
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
if(_valid0){
const _errs4 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.within !== undefined){
validate63.errors = [{instancePath:instancePath+"/within",schemaPath:"#/then/properties/within/false schema",keyword:"false schema",params:{},message:"boolean schema is false",schema:false,parentSchema:schema82.then.properties.within,data:data.within}];
return false;
}
}
var _valid0 = _errs4 === errors;
valid0 = _valid0;
if(valid0){
var props0 = {};
props0.within = true;
props0.trigger = true;
}
}
if(!valid0){
const err1 = {instancePath,schemaPath:"#/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema",schema:schema82.if,parentSchema:schema82,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
validate63.errors = vErrors;
return false;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.id === undefined) && (missing0 = "id")) || ((data.type === undefined) && (missing0 = "type"))) || ((data.trigger === undefined) && (missing0 = "trigger"))){
validate63.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'",schema:schema82.required,parentSchema:schema82,data}];
return false;
}
else {
const _errs5 = errors;
for(const key0 in data){
if(!(((((((key0 === "id") || (key0 === "type")) || (key0 === "trigger")) || (key0 === "within")) || (key0 === "by")) || (key0 === "proof")) || (key0 === "criticality"))){
validate63.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema82,data}];
return false;
break;
}
}
if(_errs5 === errors){
if(data.id !== undefined){
let data2 = data.id;
const _errs6 = errors;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern24.test(data2)){
validate63.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/id/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z][A-Za-z0-9._-]{0,63}$"},message:"must match pattern \""+"^[A-Za-z][A-Za-z0-9._-]{0,63}$"+"\"",schema:"^[A-Za-z][A-Za-z0-9._-]{0,63}$",parentSchema:schema63,data:data2}];
return false;
}
}
else {
validate63.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/id/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema63.type,parentSchema:schema63,data:data2}];
return false;
}
}
var valid3 = _errs6 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data.type !== undefined){
let data3 = data.type;
const _errs9 = errors;
const _errs10 = errors;
let valid5 = false;
const _errs11 = errors;
if(typeof data3 !== "string"){
const err2 = {instancePath:instancePath+"/type",schemaPath:"#/properties/type/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema82.properties.type.anyOf[0].type,parentSchema:schema82.properties.type.anyOf[0],data:data3};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(!(((((((data3 === "attribute") || (data3 === "compensate")) || (data3 === "delete")) || (data3 === "inform")) || (data3 === "log")) || (data3 === "report")) || (data3 === "review"))){
const err3 = {instancePath:instancePath+"/type",schemaPath:"#/properties/type/anyOf/0/enum",keyword:"enum",params:{allowedValues: schema82.properties.type.anyOf[0].enum},message:"must be equal to one of the allowed values",schema:schema82.properties.type.anyOf[0].enum,parentSchema:schema82.properties.type.anyOf[0],data:data3};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
var _valid1 = _errs11 === errors;
valid5 = valid5 || _valid1;
const _errs13 = errors;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data3 === "string"){
if(func2(data3) > 512){
const err4 = {instancePath:instancePath+"/type",schemaPath:"#/$defs/iri/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema32,data:data3};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
else {
if(!pattern4.test(data3)){
const err5 = {instancePath:instancePath+"/type",schemaPath:"#/$defs/iri/pattern",keyword:"pattern",params:{pattern: "^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema32,data:data3};
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
const err6 = {instancePath:instancePath+"/type",schemaPath:"#/$defs/iri/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.type,parentSchema:schema32,data:data3};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
var _valid1 = _errs13 === errors;
valid5 = valid5 || _valid1;
if(!valid5){
const err7 = {instancePath:instancePath+"/type",schemaPath:"#/properties/type/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema82.properties.type.anyOf,parentSchema:schema82.properties.type,data:data3};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
validate63.errors = vErrors;
return false;
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
var valid3 = _errs9 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data.trigger !== undefined){
let data4 = data.trigger;
const _errs16 = errors;
if(typeof data4 !== "string"){
validate63.errors = [{instancePath:instancePath+"/trigger",schemaPath:"#/properties/trigger/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema82.properties.trigger.type,parentSchema:schema82.properties.trigger,data:data4}];
return false;
}
if(!(((data4 === "before-use") || (data4 === "each-use")) || (data4 === "after-use"))){
validate63.errors = [{instancePath:instancePath+"/trigger",schemaPath:"#/properties/trigger/enum",keyword:"enum",params:{allowedValues: schema82.properties.trigger.enum},message:"must be equal to one of the allowed values",schema:schema82.properties.trigger.enum,parentSchema:schema82.properties.trigger,data:data4}];
return false;
}
var valid3 = _errs16 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data.within !== undefined){
let data5 = data.within;
const _errs18 = errors;
const _errs19 = errors;
if(errors === _errs19){
if(typeof data5 === "string"){
if(!pattern20.test(data5)){
validate63.errors = [{instancePath:instancePath+"/within",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$"},message:"must match pattern \""+"^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$"+"\"",schema:"^P(?!$)(?:[0-9]{1,5}D)?(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,7}S)?)?$",parentSchema:schema58,data:data5}];
return false;
}
}
else {
validate63.errors = [{instancePath:instancePath+"/within",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema58.type,parentSchema:schema58,data:data5}];
return false;
}
}
var valid3 = _errs18 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data.by !== undefined){
let data6 = data.by;
const _errs21 = errors;
const _errs22 = errors;
if(errors === _errs22){
if(typeof data6 === "string"){
if(func2(data6) > 512){
validate63.errors = [{instancePath:instancePath+"/by",schemaPath:"#/$defs/iri/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema32,data:data6}];
return false;
}
else {
if(!pattern4.test(data6)){
validate63.errors = [{instancePath:instancePath+"/by",schemaPath:"#/$defs/iri/pattern",keyword:"pattern",params:{pattern: "^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema32,data:data6}];
return false;
}
}
}
else {
validate63.errors = [{instancePath:instancePath+"/by",schemaPath:"#/$defs/iri/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.type,parentSchema:schema32,data:data6}];
return false;
}
}
var valid3 = _errs21 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data.proof !== undefined){
let data7 = data.proof;
const _errs24 = errors;
if(typeof data7 !== "string"){
validate63.errors = [{instancePath:instancePath+"/proof",schemaPath:"#/properties/proof/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema82.properties.proof.type,parentSchema:schema82.properties.proof,data:data7}];
return false;
}
if(!((data7 === "receipt") || (data7 === "attestation"))){
validate63.errors = [{instancePath:instancePath+"/proof",schemaPath:"#/properties/proof/enum",keyword:"enum",params:{allowedValues: schema82.properties.proof.enum},message:"must be equal to one of the allowed values",schema:schema82.properties.proof.enum,parentSchema:schema82.properties.proof,data:data7}];
return false;
}
var valid3 = _errs24 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data.criticality !== undefined){
let data8 = data.criticality;
const _errs26 = errors;
if(typeof data8 !== "string"){
validate63.errors = [{instancePath:instancePath+"/criticality",schemaPath:"#/properties/criticality/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema82.properties.criticality.type,parentSchema:schema82.properties.criticality,data:data8}];
return false;
}
if(!(((data8 === "required") || (data8 === "best_effort")) || (data8 === "advisory"))){
validate63.errors = [{instancePath:instancePath+"/criticality",schemaPath:"#/properties/criticality/enum",keyword:"enum",params:{allowedValues: schema82.properties.criticality.enum},message:"must be equal to one of the allowed values",schema:schema82.properties.criticality.enum,parentSchema:schema82.properties.criticality,data:data8}];
return false;
}
var valid3 = _errs26 === errors;
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
}
else {
validate63.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema82.type,parentSchema:schema82,data}];
return false;
}
}
validate63.errors = vErrors;
return errors === 0;
}
validate63.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema87 = {"anyOf":[{"const":"forbid"},{"type":"object","properties":{"inherit":{"const":true},"add":{"$ref":"#/$defs/limits"}},"additionalProperties":false,"required":["inherit"]},{"type":"object","properties":{"release":{"type":"object","properties":{"policy":{"$ref":"#/$defs/digest"},"requires":{"$ref":"#/$defs/condition"}},"additionalProperties":false,"required":["policy","requires"]}},"additionalProperties":false,"required":["release"]}]};

function validate65(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate65.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if("forbid" !== data){
const err0 = {instancePath,schemaPath:"#/anyOf/0/const",keyword:"const",params:{allowedValue: "forbid"},message:"must be equal to constant",schema:"forbid",parentSchema:schema87.anyOf[0],data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
const _errs2 = errors;
if(errors === _errs2){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.inherit === undefined) && (missing0 = "inherit")){
const err1 = {instancePath,schemaPath:"#/anyOf/1/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'",schema:schema87.anyOf[1].required,parentSchema:schema87.anyOf[1],data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
else {
const _errs4 = errors;
for(const key0 in data){
if(!((key0 === "inherit") || (key0 === "add"))){
const err2 = {instancePath,schemaPath:"#/anyOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema87.anyOf[1],data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
break;
}
}
if(_errs4 === errors){
if(data.inherit !== undefined){
let data0 = data.inherit;
const _errs5 = errors;
if(true !== data0){
const err3 = {instancePath:instancePath+"/inherit",schemaPath:"#/anyOf/1/properties/inherit/const",keyword:"const",params:{allowedValue: true},message:"must be equal to constant",schema:true,parentSchema:schema87.anyOf[1].properties.inherit,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
var valid1 = _errs5 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data.add !== undefined){
const _errs6 = errors;
if(!(validate21(data.add, {instancePath:instancePath+"/add",parentData:data,parentDataProperty:"add",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
errors = vErrors.length;
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
else {
const err4 = {instancePath,schemaPath:"#/anyOf/1/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema87.anyOf[1].type,parentSchema:schema87.anyOf[1],data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
var _valid0 = _errs2 === errors;
valid0 = valid0 || _valid0;
if(_valid0){
var props0 = true;
}
const _errs7 = errors;
if(errors === _errs7){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing1;
if((data.release === undefined) && (missing1 = "release")){
const err5 = {instancePath,schemaPath:"#/anyOf/2/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'",schema:schema87.anyOf[2].required,parentSchema:schema87.anyOf[2],data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
else {
const _errs9 = errors;
for(const key1 in data){
if(!(key1 === "release")){
const err6 = {instancePath,schemaPath:"#/anyOf/2/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema87.anyOf[2],data};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
break;
}
}
if(_errs9 === errors){
if(data.release !== undefined){
let data2 = data.release;
const _errs10 = errors;
if(errors === _errs10){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing2;
if(((data2.policy === undefined) && (missing2 = "policy")) || ((data2.requires === undefined) && (missing2 = "requires"))){
const err7 = {instancePath:instancePath+"/release",schemaPath:"#/anyOf/2/properties/release/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'",schema:schema87.anyOf[2].properties.release.required,parentSchema:schema87.anyOf[2].properties.release,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
else {
const _errs12 = errors;
for(const key2 in data2){
if(!((key2 === "policy") || (key2 === "requires"))){
const err8 = {instancePath:instancePath+"/release",schemaPath:"#/anyOf/2/properties/release/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema87.anyOf[2].properties.release,data:data2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
break;
}
}
if(_errs12 === errors){
if(data2.policy !== undefined){
let data3 = data2.policy;
const _errs13 = errors;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data3 === "string"){
if(!pattern7.test(data3)){
const err9 = {instancePath:instancePath+"/release/policy",schemaPath:"#/$defs/digest/pattern",keyword:"pattern",params:{pattern: "^sha384:[0-9a-f]{96}$"},message:"must match pattern \""+"^sha384:[0-9a-f]{96}$"+"\"",schema:"^sha384:[0-9a-f]{96}$",parentSchema:schema36,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/release/policy",schemaPath:"#/$defs/digest/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema36.type,parentSchema:schema36,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
var valid3 = _errs13 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data2.requires !== undefined){
const _errs16 = errors;
if(!(validate43(data2.requires, {instancePath:instancePath+"/release/requires",parentData:data2,parentDataProperty:"requires",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate43.errors : vErrors.concat(validate43.errors);
errors = vErrors.length;
}
var valid3 = _errs16 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
else {
const err11 = {instancePath:instancePath+"/release",schemaPath:"#/anyOf/2/properties/release/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema87.anyOf[2].properties.release.type,parentSchema:schema87.anyOf[2].properties.release,data:data2};
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
}
}
}
else {
const err12 = {instancePath,schemaPath:"#/anyOf/2/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema87.anyOf[2].type,parentSchema:schema87.anyOf[2],data};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
var _valid0 = _errs7 === errors;
valid0 = valid0 || _valid0;
if(_valid0){
if(props0 !== true){
props0 = true;
}
}
if(!valid0){
const err13 = {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema87.anyOf,parentSchema:schema87,data};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
validate65.errors = vErrors;
return false;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate65.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate65.evaluated = {"dynamicProps":true,"dynamicItems":false};


function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="urn:writ:schema:policy:1" */;
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
let missing0;
if((data.kind === undefined) && (missing0 = "kind")){
const err0 = {};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
if(data.kind !== undefined){
if("grant" !== data.kind){
const err1 = {};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
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
if(_valid0){
const _errs5 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing1;
if((data.permissions === undefined) && (missing1 = "permissions")){
validate20.errors = [{instancePath,schemaPath:"#/allOf/0/then/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'",schema:schema31.allOf[0].then.required,parentSchema:schema31.allOf[0].then,data}];
return false;
}
}
var _valid0 = _errs5 === errors;
valid1 = _valid0;
if(valid1){
var props0 = {};
props0.permissions = true;
props0.kind = true;
}
}
if(!valid1){
const err2 = {instancePath,schemaPath:"#/allOf/0/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema",schema:schema31.allOf[0].if,parentSchema:schema31.allOf[0],data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
validate20.errors = vErrors;
return false;
}
var valid0 = _errs1 === errors;
if(valid0){
const _errs6 = errors;
const _errs7 = errors;
let valid3 = true;
const _errs8 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing2;
if((data.kind === undefined) && (missing2 = "kind")){
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
if(data.kind !== undefined){
if("restrict" !== data.kind){
const err4 = {};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
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
const _errs10 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.permissions !== undefined){
var valid5 = false;
validate20.errors = [{instancePath:instancePath+"/permissions",schemaPath:"#/allOf/1/then/properties/permissions/false schema",keyword:"false schema",params:{},message:"boolean schema is false",schema:false,parentSchema:schema31.allOf[1].then.properties.permissions,data:data.permissions}];
return false;
}
else {
var valid5 = true;
}
if(valid5){
if(data.duties !== undefined){
var valid5 = false;
validate20.errors = [{instancePath:instancePath+"/duties",schemaPath:"#/allOf/1/then/properties/duties/false schema",keyword:"false schema",params:{},message:"boolean schema is false",schema:false,parentSchema:schema31.allOf[1].then.properties.duties,data:data.duties}];
return false;
}
else {
var valid5 = true;
}
}
}
var _valid1 = _errs10 === errors;
valid3 = _valid1;
if(valid3){
var props1 = {};
props1.permissions = true;
props1.duties = true;
props1.kind = true;
}
}
if(!valid3){
const err5 = {instancePath,schemaPath:"#/allOf/1/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema",schema:schema31.allOf[1].if,parentSchema:schema31.allOf[1],data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
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
let missing3;
if(((((data.version === undefined) && (missing3 = "version")) || ((data.kind === undefined) && (missing3 = "kind"))) || ((data.id === undefined) && (missing3 = "id"))) || ((data.authority === undefined) && (missing3 = "authority"))){
validate20.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'",schema:schema31.required,parentSchema:schema31,data}];
return false;
}
else {
const _errs11 = errors;
for(const key0 in data){
if(!(func1.call(schema31.properties, key0))){
validate20.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema31,data}];
return false;
break;
}
}
if(_errs11 === errors){
if(data.version !== undefined){
let data4 = data.version;
const _errs12 = errors;
if(1 !== data4){
validate20.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/const",keyword:"const",params:{allowedValue: 1},message:"must be equal to constant",schema:1,parentSchema:schema31.properties.version,data:data4}];
return false;
}
var valid6 = _errs12 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.kind !== undefined){
let data5 = data.kind;
const _errs13 = errors;
if(typeof data5 !== "string"){
validate20.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.kind.type,parentSchema:schema31.properties.kind,data:data5}];
return false;
}
if(!((data5 === "grant") || (data5 === "restrict"))){
validate20.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema31.properties.kind.enum},message:"must be equal to one of the allowed values",schema:schema31.properties.kind.enum,parentSchema:schema31.properties.kind,data:data5}];
return false;
}
var valid6 = _errs13 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.id !== undefined){
let data6 = data.id;
const _errs15 = errors;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(func2(data6) > 512){
validate20.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/iri/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema32,data:data6}];
return false;
}
else {
if(!pattern4.test(data6)){
validate20.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/iri/pattern",keyword:"pattern",params:{pattern: "^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema32,data:data6}];
return false;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/iri/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.type,parentSchema:schema32,data:data6}];
return false;
}
}
var valid6 = _errs15 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.authority !== undefined){
let data7 = data.authority;
const _errs18 = errors;
const _errs19 = errors;
if(errors === _errs19){
if(typeof data7 === "string"){
if(func2(data7) > 512){
validate20.errors = [{instancePath:instancePath+"/authority",schemaPath:"#/$defs/iri/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema32,data:data7}];
return false;
}
else {
if(!pattern4.test(data7)){
validate20.errors = [{instancePath:instancePath+"/authority",schemaPath:"#/$defs/iri/pattern",keyword:"pattern",params:{pattern: "^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema32,data:data7}];
return false;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/authority",schemaPath:"#/$defs/iri/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.type,parentSchema:schema32,data:data7}];
return false;
}
}
var valid6 = _errs18 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.classification !== undefined){
let data8 = data.classification;
const _errs21 = errors;
if(typeof data8 !== "string"){
validate20.errors = [{instancePath:instancePath+"/classification",schemaPath:"#/$defs/level/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data8}];
return false;
}
if(!((((data8 === "public") || (data8 === "internal")) || (data8 === "confidential")) || (data8 === "restricted"))){
validate20.errors = [{instancePath:instancePath+"/classification",schemaPath:"#/$defs/level/enum",keyword:"enum",params:{allowedValues: schema34.enum},message:"must be equal to one of the allowed values",schema:schema34.enum,parentSchema:schema34,data:data8}];
return false;
}
var valid6 = _errs21 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.taxonomies !== undefined){
let data9 = data.taxonomies;
const _errs24 = errors;
if(errors === _errs24){
if(Array.isArray(data9)){
if(data9.length > 16){
validate20.errors = [{instancePath:instancePath+"/taxonomies",schemaPath:"#/properties/taxonomies/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema31.properties.taxonomies,data:data9}];
return false;
}
else {
if(data9.length < 1){
validate20.errors = [{instancePath:instancePath+"/taxonomies",schemaPath:"#/properties/taxonomies/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.taxonomies,data:data9}];
return false;
}
else {
var valid10 = true;
const len0 = data9.length;
for(let i0=0; i0<len0; i0++){
let data10 = data9[i0];
const _errs26 = errors;
if(errors === _errs26){
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
let missing4;
if((((data10.iri === undefined) && (missing4 = "iri")) || ((data10.version === undefined) && (missing4 = "version"))) || ((data10.digest === undefined) && (missing4 = "digest"))){
validate20.errors = [{instancePath:instancePath+"/taxonomies/" + i0,schemaPath:"#/properties/taxonomies/items/required",keyword:"required",params:{missingProperty: missing4},message:"must have required property '"+missing4+"'",schema:schema31.properties.taxonomies.items.required,parentSchema:schema31.properties.taxonomies.items,data:data10}];
return false;
}
else {
const _errs28 = errors;
for(const key1 in data10){
if(!(((key1 === "iri") || (key1 === "version")) || (key1 === "digest"))){
validate20.errors = [{instancePath:instancePath+"/taxonomies/" + i0,schemaPath:"#/properties/taxonomies/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.taxonomies.items,data:data10}];
return false;
break;
}
}
if(_errs28 === errors){
if(data10.iri !== undefined){
let data11 = data10.iri;
const _errs29 = errors;
const _errs30 = errors;
if(errors === _errs30){
if(typeof data11 === "string"){
if(func2(data11) > 512){
validate20.errors = [{instancePath:instancePath+"/taxonomies/" + i0+"/iri",schemaPath:"#/$defs/iri/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema32,data:data11}];
return false;
}
else {
if(!pattern4.test(data11)){
validate20.errors = [{instancePath:instancePath+"/taxonomies/" + i0+"/iri",schemaPath:"#/$defs/iri/pattern",keyword:"pattern",params:{pattern: "^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema32,data:data11}];
return false;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/taxonomies/" + i0+"/iri",schemaPath:"#/$defs/iri/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.type,parentSchema:schema32,data:data11}];
return false;
}
}
var valid11 = _errs29 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data10.version !== undefined){
let data12 = data10.version;
const _errs32 = errors;
if(errors === _errs32){
if(typeof data12 === "string"){
if(func2(data12) > 64){
validate20.errors = [{instancePath:instancePath+"/taxonomies/" + i0+"/version",schemaPath:"#/properties/taxonomies/items/properties/version/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters",schema:64,parentSchema:schema31.properties.taxonomies.items.properties.version,data:data12}];
return false;
}
else {
if(func2(data12) < 1){
validate20.errors = [{instancePath:instancePath+"/taxonomies/" + i0+"/version",schemaPath:"#/properties/taxonomies/items/properties/version/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema31.properties.taxonomies.items.properties.version,data:data12}];
return false;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/taxonomies/" + i0+"/version",schemaPath:"#/properties/taxonomies/items/properties/version/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.taxonomies.items.properties.version.type,parentSchema:schema31.properties.taxonomies.items.properties.version,data:data12}];
return false;
}
}
var valid11 = _errs32 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data10.digest !== undefined){
let data13 = data10.digest;
const _errs34 = errors;
const _errs35 = errors;
if(errors === _errs35){
if(typeof data13 === "string"){
if(!pattern7.test(data13)){
validate20.errors = [{instancePath:instancePath+"/taxonomies/" + i0+"/digest",schemaPath:"#/$defs/digest/pattern",keyword:"pattern",params:{pattern: "^sha384:[0-9a-f]{96}$"},message:"must match pattern \""+"^sha384:[0-9a-f]{96}$"+"\"",schema:"^sha384:[0-9a-f]{96}$",parentSchema:schema36,data:data13}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/taxonomies/" + i0+"/digest",schemaPath:"#/$defs/digest/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema36.type,parentSchema:schema36,data:data13}];
return false;
}
}
var valid11 = _errs34 === errors;
}
else {
var valid11 = true;
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/taxonomies/" + i0,schemaPath:"#/properties/taxonomies/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.taxonomies.items.type,parentSchema:schema31.properties.taxonomies.items,data:data10}];
return false;
}
}
var valid10 = _errs26 === errors;
if(!valid10){
break;
}
}
if(valid10){
let i1 = data9.length;
let j0;
if(i1 > 1){
outer0:
for(;i1--;){
for(j0 = i1; j0--;){
if(func0(data9[i1], data9[j0])){
validate20.errors = [{instancePath:instancePath+"/taxonomies",schemaPath:"#/properties/taxonomies/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)",schema:true,parentSchema:schema31.properties.taxonomies,data:data9}];
return false;
break outer0;
}
}
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/taxonomies",schemaPath:"#/properties/taxonomies/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.taxonomies.type,parentSchema:schema31.properties.taxonomies,data:data9}];
return false;
}
}
var valid6 = _errs24 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.terms !== undefined){
let data14 = data.terms;
const _errs37 = errors;
if(errors === _errs37){
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
if(Object.keys(data14).length > 256){
validate20.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/maxProperties",keyword:"maxProperties",params:{limit: 256},message:"must NOT have more than 256 properties",schema:256,parentSchema:schema31.properties.terms,data:data14}];
return false;
}
else {
if(Object.keys(data14).length < 1){
validate20.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema31.properties.terms,data:data14}];
return false;
}
else {
for(const key2 in data14){
const _errs39 = errors;
const _errs40 = errors;
if(errors === _errs40){
if(typeof key2 === "string"){
if(func2(key2) > 512){
const err6 = {instancePath:instancePath+"/terms",schemaPath:"#/$defs/term/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema37,data:key2,propertyName:key2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
else {
if(!pattern8.test(key2)){
const err7 = {instancePath:instancePath+"/terms",schemaPath:"#/$defs/term/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema37,data:key2,propertyName:key2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
else {
const err8 = {instancePath:instancePath+"/terms",schemaPath:"#/$defs/term/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema37.type,parentSchema:schema37,data:key2,propertyName:key2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
var valid15 = _errs39 === errors;
if(!valid15){
const err9 = {instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/propertyNames",keyword:"propertyNames",params:{propertyName: key2},message:"property name must be valid",schema:schema31.properties.terms.propertyNames,parentSchema:schema31.properties.terms,data:data14};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
validate20.errors = vErrors;
return false;
break;
}
}
if(valid15){
for(const key3 in data14){
let data15 = data14[key3];
const _errs43 = errors;
if(errors === _errs43){
if(Array.isArray(data15)){
if(data15.length > 16){
validate20.errors = [{instancePath:instancePath+"/terms/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/terms/additionalProperties/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema31.properties.terms.additionalProperties,data:data15}];
return false;
}
else {
if(data15.length < 1){
validate20.errors = [{instancePath:instancePath+"/terms/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/terms/additionalProperties/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.terms.additionalProperties,data:data15}];
return false;
}
else {
var valid18 = true;
const len1 = data15.length;
for(let i2=0; i2<len1; i2++){
let data16 = data15[i2];
const _errs45 = errors;
const _errs46 = errors;
if(errors === _errs46){
if(typeof data16 === "string"){
if(func2(data16) > 512){
validate20.errors = [{instancePath:instancePath+"/terms/" + key3.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i2,schemaPath:"#/$defs/term/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema37,data:data16}];
return false;
}
else {
if(!pattern8.test(data16)){
validate20.errors = [{instancePath:instancePath+"/terms/" + key3.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i2,schemaPath:"#/$defs/term/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^[a-z][a-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema37,data:data16}];
return false;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/terms/" + key3.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i2,schemaPath:"#/$defs/term/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema37.type,parentSchema:schema37,data:data16}];
return false;
}
}
var valid18 = _errs45 === errors;
if(!valid18){
break;
}
}
if(valid18){
let i3 = data15.length;
let j1;
if(i3 > 1){
outer1:
for(;i3--;){
for(j1 = i3; j1--;){
if(func0(data15[i3], data15[j1])){
validate20.errors = [{instancePath:instancePath+"/terms/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/terms/additionalProperties/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j1},message:"must NOT have duplicate items (items ## "+j1+" and "+i3+" are identical)",schema:true,parentSchema:schema31.properties.terms.additionalProperties,data:data15}];
return false;
break outer1;
}
}
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/terms/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/terms/additionalProperties/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.terms.additionalProperties.type,parentSchema:schema31.properties.terms.additionalProperties,data:data15}];
return false;
}
}
var valid17 = _errs43 === errors;
if(!valid17){
break;
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.terms.type,parentSchema:schema31.properties.terms,data:data14}];
return false;
}
}
var valid6 = _errs37 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.parameters !== undefined){
let data17 = data.parameters;
const _errs48 = errors;
if(errors === _errs48){
if(data17 && typeof data17 == "object" && !Array.isArray(data17)){
if(Object.keys(data17).length > 32){
validate20.errors = [{instancePath:instancePath+"/parameters",schemaPath:"#/properties/parameters/maxProperties",keyword:"maxProperties",params:{limit: 32},message:"must NOT have more than 32 properties",schema:32,parentSchema:schema31.properties.parameters,data:data17}];
return false;
}
else {
if(Object.keys(data17).length < 1){
validate20.errors = [{instancePath:instancePath+"/parameters",schemaPath:"#/properties/parameters/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema31.properties.parameters,data:data17}];
return false;
}
else {
for(const key4 in data17){
const _errs50 = errors;
const _errs51 = errors;
if(errors === _errs51){
if(typeof key4 === "string"){
if(!pattern10.test(key4)){
const err10 = {instancePath:instancePath+"/parameters",schemaPath:"#/$defs/parameterName/pattern",keyword:"pattern",params:{pattern: "^[a-z][A-Za-z0-9_-]{0,63}$"},message:"must match pattern \""+"^[a-z][A-Za-z0-9_-]{0,63}$"+"\"",schema:"^[a-z][A-Za-z0-9_-]{0,63}$",parentSchema:schema39,data:key4,propertyName:key4};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/parameters",schemaPath:"#/$defs/parameterName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema39.type,parentSchema:schema39,data:key4,propertyName:key4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
var valid21 = _errs50 === errors;
if(!valid21){
const err12 = {instancePath:instancePath+"/parameters",schemaPath:"#/properties/parameters/propertyNames",keyword:"propertyNames",params:{propertyName: key4},message:"property name must be valid",schema:schema31.properties.parameters.propertyNames,parentSchema:schema31.properties.parameters,data:data17};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
validate20.errors = vErrors;
return false;
break;
}
}
if(valid21){
for(const key5 in data17){
let data18 = data17[key5];
const _errs54 = errors;
if(typeof data18 !== "string"){
validate20.errors = [{instancePath:instancePath+"/parameters/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/parameters/additionalProperties/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.parameters.additionalProperties.type,parentSchema:schema31.properties.parameters.additionalProperties,data:data18}];
return false;
}
if(!(((((data18 === "string") || (data18 === "integer")) || (data18 === "boolean")) || (data18 === "instant")) || (data18 === "iri"))){
validate20.errors = [{instancePath:instancePath+"/parameters/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/parameters/additionalProperties/enum",keyword:"enum",params:{allowedValues: schema31.properties.parameters.additionalProperties.enum},message:"must be equal to one of the allowed values",schema:schema31.properties.parameters.additionalProperties.enum,parentSchema:schema31.properties.parameters.additionalProperties,data:data18}];
return false;
}
var valid23 = _errs54 === errors;
if(!valid23){
break;
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/parameters",schemaPath:"#/properties/parameters/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.parameters.type,parentSchema:schema31.properties.parameters,data:data17}];
return false;
}
}
var valid6 = _errs48 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.limits !== undefined){
const _errs56 = errors;
if(!(validate21(data.limits, {instancePath:instancePath+"/limits",parentData:data,parentDataProperty:"limits",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
errors = vErrors.length;
}
var valid6 = _errs56 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.permissions !== undefined){
let data20 = data.permissions;
const _errs57 = errors;
if(errors === _errs57){
if(Array.isArray(data20)){
if(data20.length > 64){
validate20.errors = [{instancePath:instancePath+"/permissions",schemaPath:"#/properties/permissions/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema31.properties.permissions,data:data20}];
return false;
}
else {
if(data20.length < 1){
validate20.errors = [{instancePath:instancePath+"/permissions",schemaPath:"#/properties/permissions/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.permissions,data:data20}];
return false;
}
else {
var valid24 = true;
const len2 = data20.length;
for(let i4=0; i4<len2; i4++){
const _errs59 = errors;
if(!(validate41(data20[i4], {instancePath:instancePath+"/permissions/" + i4,parentData:data20,parentDataProperty:i4,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate41.errors : vErrors.concat(validate41.errors);
errors = vErrors.length;
}
var valid24 = _errs59 === errors;
if(!valid24){
break;
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/permissions",schemaPath:"#/properties/permissions/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.permissions.type,parentSchema:schema31.properties.permissions,data:data20}];
return false;
}
}
var valid6 = _errs57 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.prohibitions !== undefined){
let data22 = data.prohibitions;
const _errs60 = errors;
if(errors === _errs60){
if(Array.isArray(data22)){
if(data22.length > 64){
validate20.errors = [{instancePath:instancePath+"/prohibitions",schemaPath:"#/properties/prohibitions/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema31.properties.prohibitions,data:data22}];
return false;
}
else {
if(data22.length < 1){
validate20.errors = [{instancePath:instancePath+"/prohibitions",schemaPath:"#/properties/prohibitions/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.prohibitions,data:data22}];
return false;
}
else {
var valid25 = true;
const len3 = data22.length;
for(let i5=0; i5<len3; i5++){
const _errs62 = errors;
if(!(validate60(data22[i5], {instancePath:instancePath+"/prohibitions/" + i5,parentData:data22,parentDataProperty:i5,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
var valid25 = _errs62 === errors;
if(!valid25){
break;
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/prohibitions",schemaPath:"#/properties/prohibitions/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.prohibitions.type,parentSchema:schema31.properties.prohibitions,data:data22}];
return false;
}
}
var valid6 = _errs60 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.duties !== undefined){
let data24 = data.duties;
const _errs63 = errors;
if(errors === _errs63){
if(Array.isArray(data24)){
if(data24.length > 64){
validate20.errors = [{instancePath:instancePath+"/duties",schemaPath:"#/properties/duties/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema31.properties.duties,data:data24}];
return false;
}
else {
if(data24.length < 1){
validate20.errors = [{instancePath:instancePath+"/duties",schemaPath:"#/properties/duties/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.duties,data:data24}];
return false;
}
else {
var valid26 = true;
const len4 = data24.length;
for(let i6=0; i6<len4; i6++){
const _errs65 = errors;
if(!(validate63(data24[i6], {instancePath:instancePath+"/duties/" + i6,parentData:data24,parentDataProperty:i6,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate63.errors : vErrors.concat(validate63.errors);
errors = vErrors.length;
}
var valid26 = _errs65 === errors;
if(!valid26){
break;
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/duties",schemaPath:"#/properties/duties/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.duties.type,parentSchema:schema31.properties.duties,data:data24}];
return false;
}
}
var valid6 = _errs63 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.derive !== undefined){
let data26 = data.derive;
const _errs66 = errors;
if(errors === _errs66){
if(data26 && typeof data26 == "object" && !Array.isArray(data26)){
if(Object.keys(data26).length < 1){
validate20.errors = [{instancePath:instancePath+"/derive",schemaPath:"#/properties/derive/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema31.properties.derive,data:data26}];
return false;
}
else {
for(const key6 in data26){
const _errs68 = errors;
if(typeof key6 !== "string"){
const err13 = {instancePath:instancePath+"/derive",schemaPath:"#/properties/derive/propertyNames/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.derive.propertyNames.type,parentSchema:schema31.properties.derive.propertyNames,data:key6,propertyName:key6};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(!((((((((((((((((key6 === "read") || (key6 === "transform")) || (key6 === "aggregate")) || (key6 === "derive")) || (key6 === "infer")) || (key6 === "train")) || (key6 === "profile")) || (key6 === "log")) || (key6 === "store")) || (key6 === "copy")) || (key6 === "share")) || (key6 === "disclose")) || (key6 === "transfer")) || (key6 === "export")) || (key6 === "anonymise")) || (key6 === "pseudonymise"))){
const err14 = {instancePath:instancePath+"/derive",schemaPath:"#/properties/derive/propertyNames/enum",keyword:"enum",params:{allowedValues: schema31.properties.derive.propertyNames.enum},message:"must be equal to one of the allowed values",schema:schema31.properties.derive.propertyNames.enum,parentSchema:schema31.properties.derive.propertyNames,data:key6,propertyName:key6};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
var valid27 = _errs68 === errors;
if(!valid27){
const err15 = {instancePath:instancePath+"/derive",schemaPath:"#/properties/derive/propertyNames",keyword:"propertyNames",params:{propertyName: key6},message:"property name must be valid",schema:schema31.properties.derive.propertyNames,parentSchema:schema31.properties.derive,data:data26};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
validate20.errors = vErrors;
return false;
break;
}
}
if(valid27){
for(const key7 in data26){
const _errs71 = errors;
if(!(validate65(data26[key7], {instancePath:instancePath+"/derive/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data26,parentDataProperty:key7,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate65.errors : vErrors.concat(validate65.errors);
errors = vErrors.length;
}
var valid28 = _errs71 === errors;
if(!valid28){
break;
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/derive",schemaPath:"#/properties/derive/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.derive.type,parentSchema:schema31.properties.derive,data:data26}];
return false;
}
}
var valid6 = _errs66 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.declassify !== undefined){
let data28 = data.declassify;
const _errs72 = errors;
if(errors === _errs72){
if(data28 && typeof data28 == "object" && !Array.isArray(data28)){
let missing5;
if((((data28.threshold === undefined) && (missing5 = "threshold")) || ((data28.approvers === undefined) && (missing5 = "approvers"))) || ((data28.atMost === undefined) && (missing5 = "atMost"))){
validate20.errors = [{instancePath:instancePath+"/declassify",schemaPath:"#/properties/declassify/required",keyword:"required",params:{missingProperty: missing5},message:"must have required property '"+missing5+"'",schema:schema31.properties.declassify.required,parentSchema:schema31.properties.declassify,data:data28}];
return false;
}
else {
const _errs74 = errors;
for(const key8 in data28){
if(!(((key8 === "threshold") || (key8 === "approvers")) || (key8 === "atMost"))){
validate20.errors = [{instancePath:instancePath+"/declassify",schemaPath:"#/properties/declassify/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.declassify,data:data28}];
return false;
break;
}
}
if(_errs74 === errors){
if(data28.threshold !== undefined){
let data29 = data28.threshold;
const _errs75 = errors;
if(!(((typeof data29 == "number") && (!(data29 % 1) && !isNaN(data29))) && (isFinite(data29)))){
validate20.errors = [{instancePath:instancePath+"/declassify/threshold",schemaPath:"#/properties/declassify/properties/threshold/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema31.properties.declassify.properties.threshold.type,parentSchema:schema31.properties.declassify.properties.threshold,data:data29}];
return false;
}
if(errors === _errs75){
if((typeof data29 == "number") && (isFinite(data29))){
if(data29 > 16 || isNaN(data29)){
validate20.errors = [{instancePath:instancePath+"/declassify/threshold",schemaPath:"#/properties/declassify/properties/threshold/maximum",keyword:"maximum",params:{comparison: "<=", limit: 16},message:"must be <= 16",schema:16,parentSchema:schema31.properties.declassify.properties.threshold,data:data29}];
return false;
}
else {
if(data29 < 1 || isNaN(data29)){
validate20.errors = [{instancePath:instancePath+"/declassify/threshold",schemaPath:"#/properties/declassify/properties/threshold/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema31.properties.declassify.properties.threshold,data:data29}];
return false;
}
}
}
}
var valid29 = _errs75 === errors;
}
else {
var valid29 = true;
}
if(valid29){
if(data28.approvers !== undefined){
let data30 = data28.approvers;
const _errs77 = errors;
if(errors === _errs77){
if(Array.isArray(data30)){
if(data30.length > 16){
validate20.errors = [{instancePath:instancePath+"/declassify/approvers",schemaPath:"#/properties/declassify/properties/approvers/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema31.properties.declassify.properties.approvers,data:data30}];
return false;
}
else {
if(data30.length < 1){
validate20.errors = [{instancePath:instancePath+"/declassify/approvers",schemaPath:"#/properties/declassify/properties/approvers/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.declassify.properties.approvers,data:data30}];
return false;
}
else {
var valid30 = true;
const len5 = data30.length;
for(let i7=0; i7<len5; i7++){
let data31 = data30[i7];
const _errs79 = errors;
const _errs80 = errors;
if(errors === _errs80){
if(typeof data31 === "string"){
if(func2(data31) > 512){
validate20.errors = [{instancePath:instancePath+"/declassify/approvers/" + i7,schemaPath:"#/$defs/iri/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema32,data:data31}];
return false;
}
else {
if(!pattern4.test(data31)){
validate20.errors = [{instancePath:instancePath+"/declassify/approvers/" + i7,schemaPath:"#/$defs/iri/pattern",keyword:"pattern",params:{pattern: "^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema32,data:data31}];
return false;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/declassify/approvers/" + i7,schemaPath:"#/$defs/iri/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.type,parentSchema:schema32,data:data31}];
return false;
}
}
var valid30 = _errs79 === errors;
if(!valid30){
break;
}
}
if(valid30){
let i8 = data30.length;
let j2;
if(i8 > 1){
outer2:
for(;i8--;){
for(j2 = i8; j2--;){
if(func0(data30[i8], data30[j2])){
validate20.errors = [{instancePath:instancePath+"/declassify/approvers",schemaPath:"#/properties/declassify/properties/approvers/uniqueItems",keyword:"uniqueItems",params:{i: i8, j: j2},message:"must NOT have duplicate items (items ## "+j2+" and "+i8+" are identical)",schema:true,parentSchema:schema31.properties.declassify.properties.approvers,data:data30}];
return false;
break outer2;
}
}
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/declassify/approvers",schemaPath:"#/properties/declassify/properties/approvers/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.declassify.properties.approvers.type,parentSchema:schema31.properties.declassify.properties.approvers,data:data30}];
return false;
}
}
var valid29 = _errs77 === errors;
}
else {
var valid29 = true;
}
if(valid29){
if(data28.atMost !== undefined){
const _errs82 = errors;
if(!(validate21(data28.atMost, {instancePath:instancePath+"/declassify/atMost",parentData:data28,parentDataProperty:"atMost",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
errors = vErrors.length;
}
var valid29 = _errs82 === errors;
}
else {
var valid29 = true;
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/declassify",schemaPath:"#/properties/declassify/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.declassify.type,parentSchema:schema31.properties.declassify,data:data28}];
return false;
}
}
var valid6 = _errs72 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.crit !== undefined){
let data33 = data.crit;
const _errs83 = errors;
if(errors === _errs83){
if(Array.isArray(data33)){
if(data33.length > 16){
validate20.errors = [{instancePath:instancePath+"/crit",schemaPath:"#/properties/crit/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema31.properties.crit,data:data33}];
return false;
}
else {
if(data33.length < 1){
validate20.errors = [{instancePath:instancePath+"/crit",schemaPath:"#/properties/crit/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.crit,data:data33}];
return false;
}
else {
var valid33 = true;
const len6 = data33.length;
for(let i9=0; i9<len6; i9++){
let data34 = data33[i9];
const _errs85 = errors;
const _errs86 = errors;
if(errors === _errs86){
if(typeof data34 === "string"){
if(func2(data34) > 512){
validate20.errors = [{instancePath:instancePath+"/crit/" + i9,schemaPath:"#/$defs/iri/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema32,data:data34}];
return false;
}
else {
if(!pattern4.test(data34)){
validate20.errors = [{instancePath:instancePath+"/crit/" + i9,schemaPath:"#/$defs/iri/pattern",keyword:"pattern",params:{pattern: "^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema32,data:data34}];
return false;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/crit/" + i9,schemaPath:"#/$defs/iri/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.type,parentSchema:schema32,data:data34}];
return false;
}
}
var valid33 = _errs85 === errors;
if(!valid33){
break;
}
}
if(valid33){
let i10 = data33.length;
let j3;
if(i10 > 1){
outer3:
for(;i10--;){
for(j3 = i10; j3--;){
if(func0(data33[i10], data33[j3])){
validate20.errors = [{instancePath:instancePath+"/crit",schemaPath:"#/properties/crit/uniqueItems",keyword:"uniqueItems",params:{i: i10, j: j3},message:"must NOT have duplicate items (items ## "+j3+" and "+i10+" are identical)",schema:true,parentSchema:schema31.properties.crit,data:data33}];
return false;
break outer3;
}
}
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/crit",schemaPath:"#/properties/crit/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.crit.type,parentSchema:schema31.properties.crit,data:data33}];
return false;
}
}
var valid6 = _errs83 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.ext !== undefined){
let data35 = data.ext;
const _errs88 = errors;
if(errors === _errs88){
if(data35 && typeof data35 == "object" && !Array.isArray(data35)){
if(Object.keys(data35).length > 32){
validate20.errors = [{instancePath:instancePath+"/ext",schemaPath:"#/properties/ext/maxProperties",keyword:"maxProperties",params:{limit: 32},message:"must NOT have more than 32 properties",schema:32,parentSchema:schema31.properties.ext,data:data35}];
return false;
}
else {
if(Object.keys(data35).length < 1){
validate20.errors = [{instancePath:instancePath+"/ext",schemaPath:"#/properties/ext/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema31.properties.ext,data:data35}];
return false;
}
else {
for(const key9 in data35){
const _errs90 = errors;
const _errs91 = errors;
if(errors === _errs91){
if(typeof key9 === "string"){
if(func2(key9) > 512){
const err16 = {instancePath:instancePath+"/ext",schemaPath:"#/$defs/iri/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema32,data:key9,propertyName:key9};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
else {
if(!pattern4.test(key9)){
const err17 = {instancePath:instancePath+"/ext",schemaPath:"#/$defs/iri/pattern",keyword:"pattern",params:{pattern: "^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"},message:"must match pattern \""+"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$"+"\"",schema:"^(?:urn:|https://|http://|did:|tag:)[^\\s<>\"{}|\\\\^`]+$",parentSchema:schema32,data:key9,propertyName:key9};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
}
else {
const err18 = {instancePath:instancePath+"/ext",schemaPath:"#/$defs/iri/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.type,parentSchema:schema32,data:key9,propertyName:key9};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
var valid36 = _errs90 === errors;
if(!valid36){
const err19 = {instancePath:instancePath+"/ext",schemaPath:"#/properties/ext/propertyNames",keyword:"propertyNames",params:{propertyName: key9},message:"property name must be valid",schema:schema31.properties.ext.propertyNames,parentSchema:schema31.properties.ext,data:data35};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
validate20.errors = vErrors;
return false;
break;
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/ext",schemaPath:"#/properties/ext/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.ext.type,parentSchema:schema31.properties.ext,data:data35}];
return false;
}
}
var valid6 = _errs88 === errors;
}
else {
var valid6 = true;
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
