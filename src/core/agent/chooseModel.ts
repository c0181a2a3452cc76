import type { ClaudeModel } from "./claude";

/** Before the service has said which there are. */
export const fallbackModel = "claude-sonnet-5-5";

/** The model that is used: the one that was chosen, else the newest of the middle kind, else the newest. */
export function modelOf(chosen: string, models: readonly ClaudeModel[]): ClaudeModel {
	const id = chosen || (models.find(({ id }) => id.includes("sonnet")) ?? models[0])?.id || fallbackModel;
	return (
		models.find((model) => model.id === id) ?? {
			...{ id, name: id, contextLimit: 200_000, outputLimit: 32_000 },
			thinking: "none",
		}
	);
}
