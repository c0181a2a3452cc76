import * as z from "zod/mini";
import { GammaError } from "../../../shared/errors";
import { nearestStep } from "../../../shared/policy/nearestStep";
import type { RunKey } from "../../../shared/run";
import { findRuns } from "../context/assemble";
import type { Sources } from "../sources";
import { type AgentTool, defineTool } from "./agentTool";

/** The viewer of robot models, as the agent may open it. */
export interface PolicyViewer {
	/** The steps at which a run logged a policy, ascending. */
	steps(key: RunKey, signal: AbortSignal): Promise<readonly number[]>;
	/** Opens the run's policy nearest to a step. */
	open(key: RunKey, step: number): void;
}

/** Shows what a training learned: the policy of a step, moving its robot in the viewer. */
export function policyTools(sources: Pick<Sources, "runs">, viewer: PolicyViewer): readonly AgentTool[] {
	return [
		defineTool({
			name: "show_policy",
			effect: "show",
			description:
				"Opens the viewer of robot models with the policy that a run logged nearest to a training step, and lets it move its robot. For “show me step 40,000”. Runs without logged policies (ONNX with a policy.json) are refused.",
			schema: z.object({
				run: z.string().check(z.minLength(1), z.maxLength(500)),
				step: z.number().check(z.gte(0)),
			}),
			title: (input) => `show the policy of ${input.run} at step ${input.step}`,
			run: async ({ run: name, step }, { signal }) => {
				const [run] = findRuns(sources.runs(), [name]);
				if (!run) {
					const said = `There is no run ${JSON.stringify(name)}; list_runs tells which there are.`;
					throw new GammaError("agent.toolRefused", said);
				}
				const steps = await viewer.steps(run.key, signal);
				const nearest = nearestStep(steps, step);
				if (nearest === null) {
					const said = `${run.name} logged no policy: an ONNX file with its step in its name and a policy.json beside or above it.`;
					throw new GammaError("agent.toolRefused", said);
				}
				viewer.open(run.key, nearest);
				const others = steps.length > 1 ? ` It has ${steps.length}, from step ${steps[0]} to ${steps.at(-1)}.` : "";
				return `The viewer opens with the policy of ${run.name} at step ${nearest}.${others}`;
			},
		}),
	];
}
