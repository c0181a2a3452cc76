import DOMPurify from "dompurify";
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import cpp from "highlight.js/lib/languages/cpp";
import diff from "highlight.js/lib/languages/diff";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import ini from "highlight.js/lib/languages/ini";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import yaml from "highlight.js/lib/languages/yaml";

const languages = {
	...{ bash, cpp, diff, dockerfile, ini, javascript, json },
	...{ markdown, python, rust, sql, typescript, yaml },
};
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

/** Beyond this a block is shown plain: colours are not worth a pause. */
const longestHighlighted = 60_000;

/** Code as coloured spans, in a fragment that has nothing but them; plain where its language is not known. */
export function highlightCode(code: string, language: string): DocumentFragment {
	const fragment = document.createDocumentFragment();
	if (code.length > longestHighlighted || !hljs.getLanguage(language)) {
		fragment.append(code);
		return fragment;
	}
	const { value } = hljs.highlight(code, { language, ignoreIllegals: true });
	return DOMPurify.sanitize(value, {
		ALLOWED_TAGS: ["span"],
		ALLOWED_ATTR: ["class"],
		ALLOW_DATA_ATTR: false,
		ALLOW_ARIA_ATTR: false,
		RETURN_DOM_FRAGMENT: true,
	});
}
