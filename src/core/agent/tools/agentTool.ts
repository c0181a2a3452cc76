import * as z from "zod/mini";
import type { ClaudeTool } from "../claude";
import type { ToolContext, ToolOutcome } from "../toolbox";

/**
 * What a call does to the world. `read` looks; `show` puts something before the person; `propose` makes data that a person
 * reviews; `act` starts, stops or writes something.
 */
export type Effect = "read" | "show" | "propose" | "act";

/** One tool of the agent, over whatever it was made with. */
export interface AgentTool<Input = unknown> {
	readonly name: string;
	readonly effect: Effect;
	readonly tool: ClaudeTool;
	/** Null where the input is not as the schema has it, with what is wrong. */
	parse(input: unknown): { readonly input: Input } | { readonly problem: string };
	/** One line a person reads. */
	title(input: Input): string;
	/** Paths of the workspace that the call is about. */
	paths(input: Input): readonly string[];
	/** What a lasting permission is narrowed to; null for the whole tool. */
	target(input: Input): string | null;
	run(input: Input, context: ToolContext): Promise<ToolOutcome | string>;
}

interface Definition<Schema extends z.ZodMiniType> {
	readonly name: string;
	readonly effect: Effect;
	readonly description: string;
	readonly schema: Schema;
	readonly title: (input: z.output<Schema>) => string;
	readonly paths?: (input: z.output<Schema>) => readonly string[];
	readonly target?: (input: z.output<Schema>) => string | null;
	readonly run: (input: z.output<Schema>, context: ToolContext) => Promise<ToolOutcome | string>;
}

/** A tool of its definition: its JSON Schema and its check are the same schema. */
export function defineTool<Schema extends z.ZodMiniType>(given: Definition<Schema>): AgentTool {
	const of = (input: unknown) => input as z.output<Schema>;
	return {
		...{ name: given.name, effect: given.effect },
		tool: {
			name: given.name,
			description: given.description,
			input_schema: z.toJSONSchema(given.schema, { io: "input", target: "draft-2020-12" }),
		},
		parse: (input) => {
			const parsed = given.schema.safeParse(input);
			if (parsed.success) return { input: parsed.data };
			const [issue] = parsed.error.issues;
			const where = (issue?.path ?? []).map(String).join(".");
			return {
				problem: `${where === "" ? "the input" : where} is not as the tool takes it (${issue?.code ?? "invalid"})`,
			};
		},
		title: (input) => given.title(of(input)),
		paths: (input) => given.paths?.(of(input)) ?? [],
		target: (input) => given.target?.(of(input)) ?? null,
		run: (input, context) => given.run(of(input), context),
	};
}
