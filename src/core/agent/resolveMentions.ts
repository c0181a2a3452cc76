import type { Mention } from "../../shared/agent/conversation";
import { type MentionRef, parseMentions } from "../../shared/agent/mentionText";
import { GammaError } from "../../shared/errors";
import type { Draft } from "../../shared/panels/agentPanel";

/** What names can mean here. */
export interface MentionWorld {
	/** Newest first: of two with one name the newer is meant. */
	readonly runs: readonly { readonly key: string; readonly name: string }[];
	readonly jobIds: readonly string[];
	/** The job that the conversation is about, else the newest; null without one. */
	readonly jobId: string | null;
}

/**
 * A prompt's mentions, each once, in the order of its text. What was chosen from the list or dropped counts while its text
 * still stands. Throws `call.invalid` with a sentence where a name means nothing here.
 */
export function resolveMentions(draft: Draft, world: MentionWorld): readonly Mention[] {
	const known = new Map(draft.known.map(({ token, mention }) => [token, mention]));
	const found = new Map<string, Mention>();
	for (const { ref, start, end } of parseMentions(draft.text)) {
		const token = draft.text.slice(start, end);
		if (!found.has(token)) found.set(token, known.get(token) ?? resolve(ref, world));
	}
	return [...found.values()];
}

function resolve(ref: MentionRef, world: MentionWorld): Mention {
	switch (ref.kind) {
		case "run": {
			const run = runNamed(ref.name, world);
			return { kind: "run", key: run.key, name: run.name };
		}
		case "metric": {
			const { metric, fromStep, toStep } = ref;
			return {
				kind: "metric",
				metric,
				fromStep,
				toStep,
				runKey: ref.run === null ? null : runNamed(ref.run, world).key,
			};
		}
		case "job":
		case "jobError": {
			const id = ref.id ?? world.jobId;
			if (id === null) throw refused("There is no job here yet: push to a models branch to make one.");
			const matching = world.jobIds.filter((each) => each === id || each.startsWith(id));
			const [only, second] = matching.includes(id) ? [id] : matching;
			if (only === undefined) throw refused(`There is no job ${id} here.`);
			if (second !== undefined) throw refused(`The ids of ${matching.length} jobs begin with ${id}: write more of it.`);
			return { kind: ref.kind, id: only };
		}
		case "selection":
			// Its text was taken when it was added; without it the lines of the file as they are.
			return { kind: "file", path: ref.path, fromLine: ref.fromLine, toLine: ref.toLine };
		default:
			return ref;
	}
}

function runNamed(name: string, { runs }: MentionWorld) {
	const run = runs.find((each) => each.name === name) ?? runs.find((each) => each.key === name);
	if (run) return run;
	throw refused(`There is no run called “${name}” in the open stores.`);
}

function refused(sentence: string): GammaError {
	return new GammaError("call.invalid", sentence);
}
