/** As much of an OpenAPI 3.1 document as a page about it needs. */
export interface ApiDocument {
	readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
	readonly summary?: string;
	readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
	readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
	readonly responses?: Readonly<Record<string, unknown>>;
}

interface Schema {
	readonly properties?: Readonly<Record<string, unknown>>;
	readonly required?: readonly string[];
}

const head = `# The relay's API

Made of the relay's own OpenAPI 3.1 document, which it serves at \`GET /api/openapi.json\`; that has every schema. JSON in and out, errors as \`application/problem+json\`.
Every request but health and webhooks carries \`Authorization: Bearer …\`: the local relay's token, or the person's Supabase access token. Lists answer \`{items, next}\`, newest first; \`next\` is what to give as \`before\`.
What you may not see answers 404, what you may see but not do 403, a missing or wrong token 401. \`?\` marks what need not be given.

| method and path | what | query | body | answers |
| --- | --- | --- | --- | --- |
`;

/** One row per operation, in the order of the paths. */
export function apiMarkdown({ paths }: ApiDocument): string {
	const rows = Object.entries(paths)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.flatMap(([path, operations]) =>
			Object.entries(operations).map(([method, operation]) => {
				const query = (operation.parameters ?? [])
					.filter((one) => one.in === "query")
					.map((one) => named(one.name, one.required));
				const [schema] = Object.values(operation.requestBody?.content ?? {}).map((content) => content.schema);
				const body = Object.keys(schema?.properties ?? {}).map((name) => named(name, schema?.required?.includes(name)));
				const answers = Object.keys(operation.responses ?? {}).filter((status) => status !== "default");
				const cells = [
					`\`${method.toUpperCase()} ${path}\``,
					operation.summary ?? "",
					query.join(", "),
					body.join(", "),
					answers.join(", "),
				];
				return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
			}),
		);
	return head + rows.join("");
}

function named(name: string, isRequired: boolean | undefined): string {
	return isRequired ? `\`${name}\`` : `\`${name}\`?`;
}
