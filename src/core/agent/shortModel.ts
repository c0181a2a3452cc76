import { modelOf } from "./chooseModel";
import type { ClaudeModel } from "./claude";

/** The model for a few sentences: the one that was chosen, else the newest of the small kind, else as for the chat. */
export function shortModel(chosen: string, models: readonly ClaudeModel[]): ClaudeModel {
	return modelOf(chosen || (models.find(({ id }) => id.includes("haiku"))?.id ?? ""), models);
}
