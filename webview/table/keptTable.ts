import * as z from "zod/mini";

/** What the table keeps over a reload of the window; an older version may have written it. */
export const keptState = z.object({
	scrollTop: z.number(),
	scrollLeft: z.number(),
	filter: z.string(),
	activeId: z.nullable(z.string()),
});

export type KeptTable = z.infer<typeof keptState>;
