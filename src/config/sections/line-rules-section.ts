import { z } from 'zod';
import type { LineRules } from '../../layouts/line-rules.ts';
import { patternProblem } from '../../text/linear-pattern.ts';
import { fieldNotes } from '../field-note.ts';
import { refuse, text } from '../fields.ts';

const mostPatterns = 50;
const mostPatternBytes = 2000;

/** Keys of a pipeline; their output is {@link LineRules}. */
export function lineRulesSections() {
  return {
    include: patterns()
      .exactOptional()
      .describe('Only lines of which one of these patterns (RE2) is found are stored.'),
    exclude: patterns().exactOptional().describe('Lines of which one of these patterns (RE2) is found are not stored.'),
    mask: maskSection({})
      .exactOptional()
      .describe('What is made unreadable before anything is stored, also in rejects.'),
  };
}

function patterns() {
  const notes = { expects: 'a list of patterns', example: `["GET /health", { column: path, pattern: ^/internal/ }]` };
  const column = text('the name of a column', 'path')
    .regex(/^[\w.-]{1,100}$/)
    .exactOptional();
  const inColumn = z.strictObject({ column, pattern: pattern() });
  return z
    .array(
      z
        .union([pattern().transform((written) => ({ pattern: written })), inColumn])
        .register(fieldNotes, { expects: 'a pattern, or a column and a pattern', example: notes.example }),
    )
    .min(1)
    .max(mostPatterns)
    .register(fieldNotes, notes);
}

function pattern() {
  return text('a pattern of RE2', '"GET /health"')
    .max(mostPatternBytes)
    .transform((written, context) => {
      const problem = patternProblem(written);
      return problem === undefined
        ? written
        : refuse(context, `it is no pattern: ${problem}`, 'write RE2, e.g. "GET /health"');
    });
}

/** What is made unreadable; its output is {@link MaskRules}. */
export function maskSection(usual: { readonly signatures?: boolean }) {
  const signatures = z.boolean();
  return z
    .strictObject({
      addresses: z.boolean().exactOptional().describe('Addresses are kept to /24 (IPv6: /48).'),
      signatures: (usual.signatures === undefined
        ? signatures.exactOptional()
        : signatures.prefault(usual.signatures)
      ).describe('Signatures, policies and tokens of signed URLs and cookies of CloudFront and S3.'),
      query: z
        .array(text('the name of a key', 'token').regex(/^[\w.~-]{1,100}$/))
        .min(1)
        .max(100)
        .register(fieldNotes, { expects: 'a list of names', example: '[token, email]' })
        .exactOptional()
        .describe('Keys of queries, cookies and forms whose values are not kept.'),
    })
    .register(fieldNotes, { expects: 'what to mask', example: '{ addresses: true, signatures: true }' });
}
