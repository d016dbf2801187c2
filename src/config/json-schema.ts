import { z } from 'zod';
import { createConfigSchema, type SchemaOptions } from './config-schema.ts';

/**
 * JSON Schema (draft 2020-12) of `tailrace.yaml`, for completion and validation in editors:
 * `# yaml-language-server: $schema=tailrace.schema.json`. It describes the file before variables are replaced, so
 * numbers and formatted texts may also be a `${NAME}`.
 */
export function createJsonSchema(formats: SchemaOptions['formats']): Record<string, unknown> {
  const schema = z.toJSONSchema(createConfigSchema({ baseDirectory: '/', formats }), {
    io: 'input',
    override: ({ jsonSchema, path }) => {
      const isNumber = jsonSchema.type === 'integer' || jsonSchema.type === 'number';
      const isFormed = jsonSchema.pattern !== undefined || jsonSchema.enum !== undefined;
      if ((!isNumber && !isFormed) || path.at(-1) === 'propertyNames') return;
      const { description, default: preset, ...plain } = jsonSchema;
      for (const key of Object.keys(plain)) delete jsonSchema[key];
      Object.assign(jsonSchema, { anyOf: [plain, { type: 'string', pattern: String.raw`\$\{[^}]+\}` }] });
      if (description !== undefined) jsonSchema.description = description;
      if (preset !== undefined) jsonSchema.default = preset;
    },
  });
  return { title: 'tailrace.yaml', ...schema };
}
