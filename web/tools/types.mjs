// Writes src/generated/*.ts from the JSON Schemas in docs/wire/schema; `--check` only compares.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const SCHEMAS = new URL('../../docs/wire/schema/', import.meta.url)
const TARGET = new URL('../src/generated/', import.meta.url)
const NAMES = ['console', 'http']

const literal = (value) => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value))
const many = (text) => (text.includes(' | ') ? `(${text})[]` : `${text}[]`)
const unique = (list) => [...new Set(list)].join(' | ')
// two modules may have a model of the same name: the first one's keeps it, the other's says whose it is
const modelName = (name) =>
  name
    .replace(/^shared__contracts__http__/, '')
    .replace(/^shared__contracts__(\w)(\w*?)__/, (_, first, rest) => `${first.toUpperCase()}${rest}`)
    .replace(/-Input$/, 'Given') // the same model as we accept it, where what we write differs
    .replace(/-Output$/, '')
    .replace(/_(\w+)_$/, 'Of$1')

function arrayType(schema) {
  const fixed = schema.prefixItems
  if (fixed) return `[${fixed.map(typeOf).join(', ')}]`
  return schema.items ? many(typeOf(schema.items)) : 'unknown[]'
}

function objectType(schema) {
  const values = schema.additionalProperties
  if (typeof values === 'object') return `Record<string, ${typeOf(values)}>`
  return 'Record<string, unknown>'
}

function typeOf(schema) {
  if (schema.$ref) return modelName(schema.$ref.split('/').at(-1))
  if ('const' in schema) return literal(schema.const)
  if (schema.enum) return unique(schema.enum.map(literal))
  if (schema.anyOf ?? schema.oneOf) return unique((schema.anyOf ?? schema.oneOf).map(typeOf))
  switch (schema.type) {
    case 'array':
      return arrayType(schema)
    case 'object':
      return objectType(schema)
    case 'integer':
    case 'number':
      return 'number'
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type
    default:
      return 'unknown'
  }
}

const comment = (text, indent = '') => (text ? `${indent}/** ${text.replace(/\s+/g, ' ')} */\n` : '')

function field([name, schema], required) {
  return `${comment(schema.description, '  ')}  ${name}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}\n`
}

function model([name, schema]) {
  if (schema.type !== 'object') return `${comment(schema.description)}export type ${modelName(name)} = ${typeOf(schema)}\n`
  const required = schema.required ?? []
  const fields = Object.entries(schema.properties ?? {}).map((entry) => field(entry, required))
  return `${comment(schema.description)}export interface ${modelName(name)} {\n${fields.join('')}}\n`
}

function render(name) {
  const document = JSON.parse(readFileSync(new URL(`${name}.json`, SCHEMAS), 'utf8'))
  const models = Object.entries(document.$defs).map(model)
  return `// Generated from docs/wire/schema/${name}.json by \`npm run types\`; do not edit.\n\n${models.join('\n')}`
}

const check = process.argv.includes('--check')
let wrong = 0
mkdirSync(TARGET, { recursive: true })
for (const name of NAMES) {
  const file = new URL(`${name}.ts`, TARGET)
  const text = render(name)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
  wrong += 1
  if (check) console.error(`out of date: src/generated/${name}.ts`)
  else writeFileSync(file, text)
}
process.exit(check && wrong ? 1 : 0)
