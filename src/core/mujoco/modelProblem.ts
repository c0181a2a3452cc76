import { GammaError } from "../../shared/errors";

/**
 * MuJoCo's own refusal of a model as one sentence with the file and the line, where it tells one. Its texts have several lines: a reason,
 * then "Element 'geom', line 3"; of XML that does not parse "Line number=3".
 */
export function toModelProblem(main: string, text: string): GammaError {
	const line = /\bline (\d+)/i.exec(text)?.[1] ?? /Line number=(\d+)/.exec(text)?.[1];
	const element = /Element '([^']*)'/.exec(text)?.[1];
	const reason = text
		.replace(/^(MuJoCo Error: |Loading error: |XML Error: |Error: |engine error: )+/g, "")
		.replace(/^XML parse error \d+:\s*/, "the XML does not parse: ")
		.replace(/Error=(XML_\w+) ErrorID=\S+ \S+ Line number=\d+:?\s*/, (_, name: string) => `${xmlReason(name)} `)
		.replace(/\s*Element '[^']*', line \d+\s*/g, "")
		.replace(/\s+/g, " ")
		.trim()
		.replace(/\.$/, "");
	const place = line === undefined ? main : `${main}, line ${line}`;
	const inElement = element === undefined || reason.includes(`<${element}`) ? "" : ` (in <${element}>)`;
	return new GammaError("model.damaged", `${place}: ${reason || "MuJoCo does not take it"}${inElement}.`);
}

/** XML_ERROR_MISMATCHED_ELEMENT → mismatched element. */
function xmlReason(name: string): string {
	return name
		.replace(/^XML_(ERROR_)?/, "")
		.toLowerCase()
		.replaceAll("_", " ");
}
