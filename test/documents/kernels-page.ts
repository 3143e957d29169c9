// docs/kernels.md, made from the docstrings of the kernels themselves.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './documents.js';

function sourceOf(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true);
}

/** Text of a comment on one line, its stars gone. */
function plain(comment: string): string {
  const lines = comment.replace(/^\/\*\*|\*\/$/g, '').split('\n');
  return lines
    .map((line) => line.replace(/^\s*\*/, '').trim())
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/@throws/g, 'Throws')
    .trim();
}

/** The docstring of a declaration; nothing where it has none. */
function docstringOf(node: ts.Node): string {
  const comment = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc);
  return comment === undefined ? '' : plain(comment.getText());
}

const argumentsOf = (parameters: readonly ts.ParameterDeclaration[]) =>
  parameters.map(({ name }) => name.getText()).join(', ');

interface Row {
  readonly name: string;
  /** As it is called. */
  readonly call: string;
  readonly doc: string;
}

/** What the engine calls to repeat a step without JavaScript; of no use to anybody else. */
export const FOR_THE_ENGINE: readonly string[] = ['record', 'play'];

/** Members of the interface `Kernels` that a plugin can call. */
export function kernelRows(): Row[] {
  const file = sourceOf('core/kernels/kernels.ts');
  const kernels = file.statements.filter(ts.isInterfaceDeclaration).find((node) => node.name.text === 'Kernels');
  const members = [...(kernels?.members ?? [])].filter(ts.isMethodSignature);
  return members.flatMap((member) => {
    const name = member.name.getText();
    if (FOR_THE_ENGINE.includes(name)) return [];
    return [{ name, call: `${name}(${argumentsOf(member.parameters)})`, doc: docstringOf(member) }];
  });
}

/** Functions of single numbers that `elementary` exports. */
export function elementaryRows(): Row[] {
  return sourceOf('core/kernels/elementary.ts').statements.flatMap((statement) => {
    const exported = ts.canHaveModifiers(statement)
      ? ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
      : false;
    if (!exported) return [];
    if (ts.isFunctionDeclaration(statement) && statement.name) {
      const name = statement.name.text;
      return [{ name, call: `${name}(${argumentsOf(statement.parameters)})`, doc: docstringOf(statement) }];
    }
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      initializer && ts.isArrowFunction(initializer)
        ? [
            {
              name: name.getText(),
              call: `${name.getText()}(${argumentsOf(initializer.parameters)})`,
              doc: docstringOf(statement),
            },
          ]
        : [],
    );
  });
}

const wrap = (text: string) => text.replace(/(.{1,118})(\s|$)/g, '$1\n').trimEnd();

/** What stands at the top of the file of kernels. */
function introduction(): string {
  const [first] = sourceOf('core/kernels/kernels.ts').text.match(/^\/\*\*.*?\*\//s) ?? [''];
  const paragraphs = first.split(/\n \*\n/).map(plain);
  // Its first paragraph says where the code lies.
  return paragraphs.slice(1).map(wrap).join('\n\n');
}

const cell = (text: string) => text.replaceAll('|', '\\|').replace(/[<*_]/g, '\\$&');

const table = (what: string, rows: readonly Row[]) =>
  [`| ${what} | what it does |`, '|---|---|', ...rows.map(({ call, doc }) => `| \`${call}\` | ${cell(doc)} |`)].join(
    '\n',
  );

export const kernelsPage = (): string => `# Kernels

\`environment.kernels\`, the second argument of every \`create\`, computes on vectors; \`elementary\` of \`eigenflow\` on single
numbers. See [writing a plugin](writing-a-plugin.md). This page is made from the docstrings of the code by
\`npm test -- test/documents/kernels.test.ts -u\`.

${introduction()}

${table('kernel', kernelRows())}

ulp is a unit in the last place. Vectors of \`environment.arena\` lie on the memory of the kernels. Random numbers are drawn
from \`environment.random\`, which knows the keys. The work space of the three decompositions is a vector of as many numbers
as \`singularValuesWork\`, \`symmetricEigenWork\` and \`symmetricEigenvaluesWork\` of \`eigenflow\` say. \`kind\` is a value of
\`activationCode\` of \`eigenflow\`: \`activationCode.tanh\`, \`.relu\`, \`.identity\` or \`.erf\`.

## Single numbers

\`Math.exp\` and its like have other bits in another JavaScript engine; these have the same in all, within 0.52 units in the
last place (1 below 2^-1022). \`Math.sqrt\`, \`Math.abs\`, \`Math.sign\`, \`Math.floor\`, \`Math.min\` and \`Math.max\` are exact
everywhere.

${table('function', elementaryRows())}
`;
