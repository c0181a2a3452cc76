// MuJoCo's WebAssembly bindings make their call wrappers with `new Function`, which a panel's content security policy
// refuses (it allows 'wasm-unsafe-eval' and no more). This plugin for esbuild puts closures in the place of the three
// statements that do so, and fails the build when they are not the ones it knows.

import { readFile } from "node:fs/promises";

/** The statement, and what does the same without text that becomes code. */
const statements = [
	["let [args, invokerFnBody] = createJsInvoker(argTypes, isClassMethodFunc, returns, isAsync);", ""],
	[
		"var invokerFn = new Function(...args, invokerFnBody)(...closureArgs);",
		`var invokerFn = function (...given) {
			checkArgCount(given.length, minArgs, expectedArgCount, humanName, throwBindingError);
			var destructors = needsDestructorStack ? [] : null;
			var wired = isClassMethodFunc ? [argTypes[1].toWireType(destructors, this)] : [];
			for (var i = 0; i < expectedArgCount; ++i) wired.push(argTypes[i + 2].toWireType(destructors, given[i]));
			var rv = cppInvokerFunc(cppTargetFunc, ...wired);
			if (needsDestructorStack) runDestructors(destructors);
			else {
				for (var i = isClassMethodFunc ? 1 : 2; i < argTypes.length; ++i) {
					if (argTypes[i].destructorFunction !== null) {
						argTypes[i].destructorFunction(wired[isClassMethodFunc ? i - 1 : i - 2]);
					}
				}
			}
			if (returns) return argTypes[0].fromWireType(rv);
		};`,
	],
	[
		"var invokerFunction = new Function(...params, functionBody)(...args);",
		`var invokerFunction = function (obj, func, destructorsRef, at) {
			var given = [];
			for (var type of types) {
				given.push(type.readValueFromPointer(at));
				at += type.argPackAdvance;
			}
			var rv = kind === 1 ? new func(...given) : kind === 0 ? func.call(obj, ...given) : func(...given);
			if (!retType.isVoid) return emval_returnValue(retType, destructorsRef, rv);
		};`,
	],
];

export const mujocoWithoutEval = {
	name: "mujoco without eval",
	setup: (build) => {
		build.onResolve({ filter: /^module$/ }, () => ({ path: "module", external: true }));
		build.onLoad({ filter: /@mujoco[\\/]mujoco[\\/]mujoco\.js$/ }, async ({ path }) => {
			const { text, count } = withoutEval(await readFile(path, "utf8"));
			if (count !== statements.length || /new Function\s*\(/.test(text)) {
				return {
					errors: [
						{
							text: `${count} of the ${statements.length} statements that make code from text were found in @mujoco/mujoco: read it anew and mend tools/lib/mujocoWithoutEval.mjs`,
						},
					],
				};
			}
			return { contents: text, loader: "js" };
		});
	},
};

/** The source with closures in their place, and how many statements were replaced. */
export function withoutEval(source) {
	let text = source;
	let count = 0;
	for (const [statement, closure] of statements) {
		const parts = text.split(statement);
		count += parts.length - 1;
		text = parts.join(closure);
	}
	return { text, count };
}
