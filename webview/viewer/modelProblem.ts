import type { ModelProblem } from "../../src/shared/panels/viewerPanel";

/** What MuJoCo's compiler says of a model it does not take, as one sentence with its place. */
export function modelProblemOf(error: unknown, main: string): ModelProblem {
	const said = error instanceof Error ? error.message : String(error);
	const text = said.replace(/^MuJoCo Error:\s*/, "").replace(/^Loading error:\s*/, "");
	const line = /\bline\s*(?:number\s*=\s*)?(\d+)/i.exec(text)?.[1];
	const syntax = /XML parse error[\s\S]*?Error=XML_(?:ERROR_)?(\w+)/.exec(text)?.[1];
	const file = /^(?:.*\bfile\s+)?'([^']+\.(?:xml|mjcf|urdf))'/.exec(text)?.[1];
	const sentence = syntax
		? `The XML is not well-formed: ${syntax.toLowerCase().replaceAll("_", " ")}.`
		: `${text
				.replace(/^XML Error:\s*/, "")
				.replace(/^Error:\s*/, "")
				.replace(/,?\s*line\s+\d+\s*$/i, "")
				.replace(/\s*\n\s*/g, " · ")
				.replace(/[\s·.]+$/, "")}.`;
	return { message: sentence, path: file ?? main, line: line === undefined ? null : Number(line) };
}
