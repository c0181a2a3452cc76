import * as z from "zod/mini";
import { GammaError } from "../../../shared/errors";
import type { ProposedEdits, ProposedFile } from "../../edits/proposedEdits";
import { findRuns } from "../context/assemble";
import type { Sources } from "../sources";
import type { ToolContext, ToolOutcome } from "../toolbox";
import { type AgentTool, defineTool } from "./agentTool";

const path = z.string().check(z.minLength(1), z.maxLength(4_096));
const words = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));
/** What every proposal says beside its change. */
const about = {
	title: words(200).register(z.globalRegistry, {
		description: "What the change does. Give all edits of one change the same title: they are reviewed as one.",
	}),
	run: z.optional(words(500)).register(z.globalRegistry, {
		description: "Name or id of the run that the change answers; the commit will name it.",
	}),
};
interface About {
	readonly title: string;
	readonly run?: string | undefined;
}

/** What a person lets the agent do with trainings; absent where there is no relay. */
export interface TrainingActions {
	/** A new attempt of a job's commit; resolves with the new job's id. */
	retry(jobId: string, params: Readonly<Record<string, string | number | boolean | null>> | undefined): Promise<string>;
	stop(jobId: string): Promise<void>;
	comment(jobId: string, text: string): Promise<void>;
}

/**
 * Proposed edits: data until a person accepts them. The base is what is on the disk when it is proposed. `runOf`: the run that
 * a conversation is about, for proposals that name none.
 */
export function editTools(
	sources: Sources,
	edits: () => Pick<ProposedEdits, "propose"> | null,
	runOf: (conversationId: string) => string | null = () => null,
): readonly AgentTool[] {
	const propose = async (
		{ title, run }: About,
		file: ProposedFile,
		{ conversationId }: ToolContext,
	): Promise<ToolOutcome> => {
		const review = edits();
		if (!review) throw new GammaError("agent.toolRefused", "No folder is open in which edits could be reviewed.");
		const named = run === undefined ? undefined : findRuns(sources.runs(), [run])[0];
		const set = await review.propose(conversationId, title, [file], { runId: named?.id ?? runOf(conversationId) });
		return {
			output: `Proposed. The person reviews it; nothing is written yet. You are told what they accept.`,
			isError: false,
			parts: [{ kind: "edits", setId: set.id, title: set.title, files: [...set.files] }],
		};
	};
	const read = async (at: string, signal: AbortSignal) => {
		const files = sources.files();
		if (!files) throw new GammaError("agent.toolRefused", "No folder is open.");
		const file = await files.read(at, signal);
		if (file.isCut) throw new GammaError("agent.toolRefused", `${at} is too long to be edited in one piece.`);
		return file.text;
	};
	return [
		defineTool({
			name: "propose_edit",
			effect: "propose",
			description:
				"Proposes to replace pieces of a file. Each `old` must be in the file exactly once, as it is there now; read the file first. The person reviews every change.",
			schema: z.object({
				...{ path, ...about },
				edits: z
					.array(z.object({ old: words(200_000), new: z.string().check(z.maxLength(200_000)) }))
					.check(z.minLength(1), z.maxLength(100)),
			}),
			title: (input) => `edit ${input.path}`,
			paths: (input) => [input.path],
			run: async (input, context) => {
				const baseText = await read(input.path, context.signal);
				let text = baseText;
				for (const [at, edit] of input.edits.entries()) {
					const first = text.indexOf(edit.old);
					if (first < 0)
						throw new GammaError(
							"agent.toolRefused",
							`Edit ${at + 1}: \`old\` is not in ${input.path}. Read the file again.`,
						);
					if (text.indexOf(edit.old, first + 1) >= 0) {
						throw new GammaError(
							"agent.toolRefused",
							`Edit ${at + 1}: \`old\` is in ${input.path} more than once. Give more lines around it.`,
						);
					}
					// Not `replace`: `$&` in what the model wrote means nothing here.
					text = text.slice(0, first) + edit.new + text.slice(first + edit.old.length);
				}
				return propose(input, { path: input.path, kind: "edit", from: null, baseText, text }, context);
			},
		}),
		defineTool({
			name: "propose_new_file",
			effect: "propose",
			description: "Proposes a file that is not there yet.",
			schema: z.object({ path, ...about, text: z.string().check(z.maxLength(500_000)) }),
			title: (input) => `new file ${input.path}`,
			paths: (input) => [input.path],
			run: async (input, context) => {
				if (await sources.files()?.has(input.path))
					throw new GammaError("agent.toolRefused", `${input.path} is there already: use propose_edit.`);
				return propose(
					input,
					{ path: input.path, kind: "create", from: null, baseText: null, text: input.text },
					context,
				);
			},
		}),
		defineTool({
			name: "propose_rename",
			effect: "propose",
			description: "Proposes to move a file of the workspace to another path.",
			schema: z.object({ from: path, to: path, ...about }),
			title: (input) => `rename ${input.from} to ${input.to}`,
			paths: (input) => [input.from, input.to],
			run: async (input, context) => {
				const baseText = await read(input.from, context.signal);
				if (await sources.files()?.has(input.to))
					throw new GammaError("agent.toolRefused", `${input.to} is there already.`);
				return propose(input, { path: input.to, kind: "rename", from: input.from, baseText, text: baseText }, context);
			},
		}),
		defineTool({
			name: "propose_delete",
			effect: "propose",
			description: "Proposes to delete a file of the workspace.",
			schema: z.object({ path, ...about }),
			title: (input) => `delete ${input.path}`,
			paths: (input) => [input.path],
			run: async (input, context) => {
				const baseText = await read(input.path, context.signal);
				return propose(input, { path: input.path, kind: "delete", from: null, baseText, text: null }, context);
			},
		}),
	];
}

/** What starts, stops or writes something that others see; a person is asked. */
export function actionTools(actions: () => TrainingActions | null): readonly AgentTool[] {
	const demand = () => {
		const found = actions();
		if (!found)
			throw new GammaError("agent.toolRefused", "There is no relay: trainings cannot be started or stopped from here.");
		return found;
	};
	const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
	return [
		defineTool({
			name: "start_training",
			effect: "act",
			description: "Trains the commit of a job again, as a new attempt, with other params where some are given.",
			schema: z.object({ job: words(200), params: z.optional(z.record(z.string(), scalar)) }),
			title: (input) =>
				`train job ${input.job.slice(0, 8)} again ${input.params ? JSON.stringify(input.params) : ""}`.trim(),
			run: async (input) => `Started as job ${await demand().retry(input.job, input.params)}.`,
		}),
		defineTool({
			name: "stop_training",
			effect: "act",
			description: "Stops a job that is running or waiting.",
			schema: z.object({ job: words(200) }),
			title: (input) => `stop job ${input.job.slice(0, 8)}`,
			run: async (input) => {
				await demand().stop(input.job);
				return "It is asked to stop.";
			},
		}),
		defineTool({
			name: "comment_on_job",
			effect: "act",
			description: "Writes a comment on a job, which the team sees.",
			schema: z.object({ job: words(200), text: words(10_000) }),
			title: (input) => `comment on job ${input.job.slice(0, 8)}: ${input.text}`,
			run: async (input) => {
				await demand().comment(input.job, input.text);
				return "It is written.";
			},
		}),
	];
}
