import { html, nothing, type TemplateResult } from "lit";
import { formatNumber } from "../common/number";
import { section } from "../common/section";
import { PolicyActor } from "./policyActor";
import type { SectionParts } from "./sections";
import "./tracePlot";

const numberIn = (event: Event) =>
	event.target instanceof HTMLInputElement && event.target.value.trim() !== "" ? Number(event.target.value) : null;

/** Recordings and policies: what is shown, from which seed, and what it earns. */
export function actorSection({ session, viewing }: SectionParts): TemplateResult {
	const { state, kept, host } = session;
	const actors = state?.actors ?? [];
	const { player } = viewing;
	const isFull = actors.length >= 2;
	const hasPolicies = actors.some(({ kind }) => kind === "policy");
	return section(session, "actors", {
		title: "Rollouts and policies",
		...(actors.length > 0 ? { note: String(actors.length) } : {}),
		body: () => html`${actors.map((actor, at) => {
			const playing = player?.actors[at];
			const earned = playing?.name === actor.name ? playing.returnAt(player?.timeS ?? 0) : null;
			const ended = playing instanceof PolicyActor && playing.endedBy !== null ? `, ended by ${playing.endedBy}` : "";
			return html`<div class="actor">
					<span class="codicon codicon-${actor.kind === "policy" ? "circuit-board" : "play-circle"}" aria-hidden="true"></span>
					<span class="actor-name" title=${actor.name}>${actor.name}</span>
					<span class="number faint">${earned === null ? nothing : html`return ${formatNumber(Number(earned.toPrecision(4)))}${ended}`}</span>
					<button type="button" class="icon" title="Remove" aria-label="Remove ${actor.name}" @click=${() => void host.call("remove", { id: actor.id })}>
						<span class="codicon codicon-close" aria-hidden="true"></span>
					</button>
				</div>`;
		})}
			<div class="buttons">
				<button type="button" class="secondary" ?disabled=${isFull} @click=${() => void host.callPatiently("choose", { kind: "rollout" })}>
					${actors.length === 0 ? "Open rollout…" : "Compare with a rollout…"}
				</button>
				<button type="button" class="secondary" ?disabled=${isFull} @click=${() => void host.callPatiently("choose", { kind: "policy" })}>
					${actors.length === 0 ? "Run policy…" : "Compare with a policy…"}
				</button>
			</div>
			${
				hasPolicies
					? html`<div class="field-row">
							<label class="field"
								>Seed
								<input
									id="seed"
									type="number"
									min="0"
									step="1"
									.value=${String(kept.seed)}
									@change=${(event: Event) => session.keep({ seed: Math.max(0, Math.floor(numberIn(event) ?? 0)) >>> 0 })}
							/></label>
							<label class="field"
								>Noise
								<input
									id="noise"
									type="number"
									min="0"
									step="0.01"
									.value=${String(kept.noise)}
									@change=${(event: Event) => session.keep({ noise: Math.max(0, numberIn(event) ?? 0) })}
							/></label>
						</div>`
					: nothing
			}
			${
				actors.length > 1
					? html`<label class="check"
							><input
								type="checkbox"
								id="side-by-side"
								.checked=${kept.isSideBySide}
								@change=${() => {
									session.keep({ isSideBySide: !kept.isSideBySide });
									viewing.changed();
								}}
							/>Side by side, not as a ghost</label
						>`
					: nothing
			}
			${
				viewing.rewards.labels.length > 0
					? html`<h3>Return</h3>
							<gamma-trace .revision=${viewing.rewards.revision} .trace=${viewing.rewards} .endS=${player?.canSeek ? player.endS : null} label="Return over time"></gamma-trace>`
					: nothing
			}`,
	});
}
