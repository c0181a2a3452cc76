import * as z from "zod/mini";

/**
 * What the agent may show beside words, from a fixed catalogue: it describes, Gamma draws. Nothing in a description is run,
 * loaded or followed; a block that the catalogue does not have is named in a sentence.
 */

const shortText = z.string().check(z.maxLength(300));
/** NaN and ±Infinity have no place in JSON: null is a gap. */
const value = z.nullable(z.number());
const longestSeries = 4_000;

/** Where what is shown comes from, so that it can be checked. */
export const receiptSchema = z.object({
	/** `val/loss [0..2000], every 2nd point`. */
	query: z.string().check(z.maxLength(2_000)),
	runs: z.array(z.object({ key: shortText, name: shortText })).check(z.maxLength(50)),
	/** Points that were read for it, before any were left out. */
	pointCount: z.int().check(z.nonnegative()),
	/** Milliseconds since 1970. */
	readAtMs: z.number(),
});
export type Receipt = z.infer<typeof receiptSchema>;

const receipt = z.catch(z.nullable(receiptSchema), null);
const series = <T extends z.ZodMiniType>(shape: T) => z.array(shape).check(z.minLength(1), z.maxLength(24));

const linesSchema = z.object({
	kind: z.literal("lines"),
	title: shortText,
	/** The metric that "Open as chart" opens; null where it is none. */
	metric: z.catch(z.nullable(shortText), null),
	xLabel: z.catch(shortText, "step"),
	yLabel: z.catch(shortText, ""),
	isLogY: z.catch(z.boolean(), false),
	series: series(
		z.object({
			label: shortText,
			x: z.array(z.number()).check(z.maxLength(longestSeries)),
			y: z.array(value).check(z.maxLength(longestSeries)),
		}),
	),
	receipt,
});
const barsSchema = z.object({
	kind: z.literal("bars"),
	title: shortText,
	yLabel: z.catch(shortText, ""),
	labels: z.array(shortText).check(z.maxLength(100)),
	series: series(z.object({ label: shortText, values: z.array(value).check(z.maxLength(100)) })),
	receipt,
});
const pointsSchema = z.object({
	kind: z.literal("points"),
	title: shortText,
	xLabel: z.catch(shortText, ""),
	yLabel: z.catch(shortText, ""),
	series: series(
		z.object({
			label: shortText,
			points: z.array(z.tuple([z.number(), z.number()])).check(z.maxLength(longestSeries)),
		}),
	),
	receipt,
});
const tableSchema = z.object({
	kind: z.literal("table"),
	title: shortText,
	columns: z.array(shortText).check(z.minLength(1), z.maxLength(30)),
	rows: z.array(z.array(z.union([shortText, z.number(), z.null()]))).check(z.maxLength(500)),
	receipt,
});
const figuresSchema = z.object({
	kind: z.literal("figures"),
	title: shortText,
	figures: z
		.array(z.object({ label: shortText, value: z.union([shortText, z.number()]), note: z.catch(shortText, "") }))
		.check(z.maxLength(24)),
	receipt,
});
const textSchema = z.object({ kind: z.literal("text"), text: z.string().check(z.maxLength(20_000)) });

const fieldName = z.string().check(z.minLength(1), z.maxLength(100));
export const formFieldSchema = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("text"), name: fieldName, label: shortText, value: z.catch(shortText, "") }),
	z.object({ kind: z.literal("number"), name: fieldName, label: shortText, value: z.catch(value, null) }),
	z.object({ kind: z.literal("toggle"), name: fieldName, label: shortText, value: z.catch(z.boolean(), false) }),
	z.object({
		kind: z.literal("choice"),
		name: fieldName,
		label: shortText,
		options: z.array(shortText).check(z.minLength(1), z.maxLength(50)),
		value: z.catch(z.nullable(shortText), null),
	}),
]);
export type FormField = z.infer<typeof formFieldSchema>;
/** Filled in by the person, it becomes their next prompt. */
const formSchema = z.object({
	kind: z.literal("form"),
	title: shortText,
	fields: z.array(formFieldSchema).check(z.minLength(1), z.maxLength(20)),
	submit: z.catch(shortText, "Send"),
});

export const viewBlockSchema = z.discriminatedUnion("kind", [
	linesSchema,
	barsSchema,
	pointsSchema,
	tableSchema,
	figuresSchema,
	textSchema,
	formSchema,
]);
export type ViewBlock = z.infer<typeof viewBlockSchema>;
export type ChartBlock = Extract<ViewBlock, { kind: "lines" | "bars" | "points" }>;
export type TableBlock = Extract<ViewBlock, { kind: "table" }>;
export type FormBlock = Extract<ViewBlock, { kind: "form" }>;

/** A whole view, as the tool that makes one demands it. */
export const agentViewSchema = z.object({
	version: z.literal(1),
	blocks: z.array(viewBlockSchema).check(z.minLength(1), z.maxLength(24)),
});
export type AgentView = z.infer<typeof agentViewSchema>;

/** What cannot be shown is its place's `unknown`, with the reason as a sentence. */
export type ShownBlock = ViewBlock | { readonly kind: "unknown"; readonly sentence: string };

const looseViewSchema = z.object({ version: z.number(), blocks: z.array(z.unknown()) });
const kindSchema = z.object({ kind: z.string() });

/** The blocks of a view that was kept, each by itself: one that is wrong costs no other. */
export function readAgentView(given: unknown): readonly ShownBlock[] {
	const view = looseViewSchema.safeParse(given);
	if (!view.success) return [{ kind: "unknown", sentence: "This view has no form that Gamma knows." }];
	if (view.data.version !== 1)
		return [{ kind: "unknown", sentence: "This view was made by a newer Gamma: update it to see the view." }];
	return view.data.blocks.slice(0, 24).map((block): ShownBlock => {
		const parsed = viewBlockSchema.safeParse(block);
		if (parsed.success) return parsed.data;
		const kind = kindSchema.safeParse(block).data?.kind;
		const isKnown = viewBlockSchema.def.options.some((option) => option.shape.kind.def.values[0] === kind);
		if (kind === undefined || !isKnown)
			return {
				kind: "unknown",
				sentence: `Gamma cannot show “${(kind ?? "?").slice(0, 60)}”: it is not in the catalogue.`,
			};
		return { kind: "unknown", sentence: `A ${kind} block was left out: it is not complete, or too large.` };
	});
}

/** A filled-in form as the prompt that it becomes. */
export function printForm(form: FormBlock, values: Readonly<Record<string, string | number | boolean | null>>): string {
	const lines = form.fields.map(({ name, label }) => `- ${label || name}: ${values[name] ?? "(empty)"}`);
	return `${form.title}\n${lines.join("\n")}`;
}
