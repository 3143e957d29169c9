// What a reader of a plugin meets of eigenflow: the names in it that eigenflow declares.
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './documents.js';

const OWN = join(root, 'core');

const isOwn = (symbol: ts.Symbol | undefined) =>
  symbol?.declarations?.some((declaration) => declaration.getSourceFile().fileName.startsWith(OWN)) ?? false;

/** Names of the arguments of a function, as the contract that it fulfils calls them; as many as it takes. */
function argumentsOf(node: ts.FunctionLikeDeclaration, checker: ts.TypeChecker): string[] {
  let type: ts.Type | undefined;
  if (ts.isMethodDeclaration(node) && ts.isObjectLiteralExpression(node.parent)) {
    const member = checker.getContextualType(node.parent)?.getProperty(node.name.getText());
    type = member && checker.getTypeOfSymbolAtLocation(member, node);
  } else if (ts.isArrowFunction(node)) type = checker.getContextualType(node);
  const [signature] = type?.getNonNullableType().getCallSignatures() ?? [];
  return (signature?.parameters ?? []).slice(0, node.parameters.length).flatMap((parameter, i) => {
    // What is taken apart is met by the names of its members.
    const taken = ts.isIdentifier(node.parameters[i].name);
    return taken && isOwn(parameter) ? [parameter.name] : [];
  });
}

/** What an object has to fit. As the function declares it that takes it: where it is inferred, it is the object itself. */
function expectedType(object: ts.ObjectLiteralExpression, checker: ts.TypeChecker): ts.Type | undefined {
  const { parent } = object;
  if (!ts.isCallExpression(parent)) return checker.getContextualType(object);
  const parameter = checker.getResolvedSignature(parent)?.declaration?.parameters[parent.arguments.indexOf(object)];
  return parameter && checker.getTypeAtLocation(parameter);
}

/** The symbol of a name that is written, as it is declared: behind imports, and in the type that an object has to fit. */
function declaredSymbol(node: ts.Identifier, checker: ts.TypeChecker): ts.Symbol | undefined {
  const { parent } = node;
  if (ts.isObjectLiteralElementLike(parent) && parent.name === node && ts.isObjectLiteralExpression(parent.parent)) {
    const expected = expectedType(parent.parent, checker);
    return expected && checker.getApparentType(expected).getProperty(node.text);
  }
  if (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent)) {
    if (parent.propertyName !== undefined && parent.propertyName !== node) return undefined;
    return checker.getTypeAtLocation(parent.parent).getProperty(node.text);
  }
  const symbol = checker.getSymbolAtLocation(node);
  return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/**
 * @param files code by the name of a file, which need not exist
 * @returns for each the different words in it that eigenflow declares, sorted: imports, members, arguments
 */
export function declaredNames(files: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, incremental: false }, root);
  delete options.tsBuildInfoFile;
  const paths = new Map([...files].map(([name, code]) => [join(root, 'test', name), code]));
  const host = ts.createCompilerHost(options, true);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => paths.has(path) || fileExists(path);
  host.readFile = (path) => paths.get(path) ?? readFile(path);
  const program = ts.createProgram([...paths.keys()], options, host);
  const checker = program.getTypeChecker();
  return new Map(
    [...files.keys()].map((name): [string, string[]] => {
      const words = new Set<string>();
      const visit = (node: ts.Node): void => {
        if (ts.isIdentifier(node) && isOwn(declaredSymbol(node, checker))) words.add(node.text);
        if (ts.isFunctionLike(node) && 'body' in node) {
          for (const word of argumentsOf(node as ts.FunctionLikeDeclaration, checker)) words.add(word);
        }
        ts.forEachChild(node, visit);
      };
      visit(program.getSourceFile(join(root, 'test', name)) as ts.SourceFile);
      return [name, [...words].sort()];
    }),
  );
}
