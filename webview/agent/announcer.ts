import type { AgentPanelState } from "../../src/shared/panels/agentPanel";
import { spokenSince } from "./sentences";

/** Slower than words come, so that a screen reader can finish what it says. */
const pauseMs = 1200;

/** Tells a screen reader what an answer says, by whole sentences, and what waits for the person. */
export class Announcer {
	#messageId: string | undefined;
	#spoken = 0;
	#lastMs = 0;
	#asked: string | undefined;

	follow({ messages, open }: AgentPanelState, live: HTMLElement): void {
		const { activity } = open ?? {};
		if (activity?.kind === "asking" && activity.callId !== this.#asked) {
			this.#asked = activity.callId;
			live.textContent = "Gamma waits for your decision.";
			return;
		}
		const last = messages.at(-1);
		if (last?.role !== "assistant") return;
		const text = last.parts.map((part) => (part.kind === "text" || part.kind === "notice" ? part.text : "")).join("\n");
		const isDone = !activity || activity.kind === "idle";
		if (last.id !== this.#messageId) {
			const isOld = this.#messageId === undefined && isDone;
			this.#messageId = last.id;
			// What was there when the panel opened is read by who wants to.
			this.#spoken = isOld ? text.length : 0;
		}
		if (!isDone && performance.now() - this.#lastMs < pauseMs) return;
		const { words, to } = spokenSince(text, this.#spoken, isDone);
		this.#spoken = to;
		if (words === "") return;
		this.#lastMs = performance.now();
		live.textContent = words;
	}
}
