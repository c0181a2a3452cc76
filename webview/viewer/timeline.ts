import { html, nothing, type TemplateResult } from "lit";
import type { Viewing } from "./viewing";

/** The scrub bar of recordings, with a section that is played again and again. */
export function timeline(viewing: Viewing): TemplateResult | typeof nothing {
	const { player } = viewing;
	if (!player?.canSeek) return nothing;
	const { endS, timeS, loop } = player;
	const scrub = (event: Event) => {
		if (!(event.target instanceof HTMLInputElement)) return;
		player.isPlaying = false;
		void player.seek(Number(event.target.value)).then(() => viewing.changed());
	};
	const setLoop = (fromS: number, toS: number) => {
		player.loop = toS > fromS ? { fromS, toS } : null;
		viewing.changed();
	};
	return html`<div class="timeline">
		<input
			id="scrub"
			type="range"
			min="0"
			max=${endS}
			step=${endS / 2000 || 0.001}
			.value=${String(timeS)}
			aria-label="Time"
			aria-valuetext="${timeS.toFixed(2)} of ${endS.toFixed(2)} seconds"
			@input=${scrub}
		/>
		<span class="number faint">${timeS.toFixed(2)} / ${endS.toFixed(2)} s</span>
		<button type="button" class="quiet-button" title="Loop from here" @click=${() => setLoop(timeS, loop?.toS ?? endS)}>
			<span class="codicon codicon-debug-step-into" aria-hidden="true"></span>From
		</button>
		<button type="button" class="quiet-button" title="Loop until here" @click=${() => setLoop(loop?.fromS ?? 0, timeS)}>
			<span class="codicon codicon-debug-step-out" aria-hidden="true"></span>To
		</button>
		${
			loop
				? html`<button type="button" class="quiet-button" @click=${() => setLoop(0, 0)}>
						Loop ${loop.fromS.toFixed(2)}–${loop.toS.toFixed(2)} s
						<span class="codicon codicon-close" aria-label="End the loop"></span>
					</button>`
				: nothing
		}
	</div>`;
}
