import { html, nothing, type TemplateResult } from "lit";
import { PageElement } from "../common/pageElement";
import { actorSection } from "./actorSection";
import { followPointer } from "./gestures";
import { plotSection } from "./plotSection";
import { actuatorSection, bodySection, modelSection, showSection } from "./sections";
import { timeline } from "./timeline";
import { toolbar } from "./toolbar";
import { ViewerActions } from "./viewerActions";
import { keyHelp, pressKey } from "./viewerKeys";
import type { ViewerSession } from "./viewerSession";
import { Viewing } from "./viewing";

/** Below this pace the clock is said to lag. */
const slowPace = 0.9;

/** The whole viewer: the picture, what one does with it, and what is known of it. */
export class ViewerApp extends PageElement<ViewerSession> {
	declare viewing: Viewing;
	declare actions: ViewerActions;
	#wantedId = 0;

	override connectedCallback(): void {
		this.viewing = new Viewing(this.session);
		this.actions = new ViewerActions(this.session, this.viewing);
		window.addEventListener("keydown", (event) => {
			if (pressKey(event, this.viewing, this.actions)) event.preventDefault();
		});
		super.connectedCallback();
	}

	protected override firstUpdated(): void {
		const canvas = this.querySelector<HTMLCanvasElement>("canvas#picture");
		if (!canvas) return;
		followPointer(canvas, this.viewing);
		this.viewing.attach(canvas);
	}

	protected override updated(): void {
		const { state } = this.session;
		if (!state?.wanted || this.viewing.status.kind !== "ready" || state.wanted.id === this.#wantedId) return;
		this.#wantedId = state.wanted.id;
		void this.actions.savePicture();
	}

	protected override render(): unknown {
		const { session, viewing, actions } = this;
		const parts = { session, viewing, actions };
		const isReady = viewing.physics !== null;
		return html`<div class="viewer">
			<div class="stage">
				${toolbar(session, viewing, actions)} ${this.#problem()}
				<div class="picture">
					<canvas id="picture" tabindex="0" role="img" aria-label=${this.#inWords()}></canvas>
					${viewing.status.kind === "reading" ? html`<p class="over" role="status">Reading the model…</p>` : nothing}
					${actions.isHelpOpen ? this.#help() : nothing}
				</div>
				${timeline(viewing)}
				<p class="status" role="status" aria-live="polite">${this.#status()}</p>
			</div>
			<div class="side" ?hidden=${!isReady}>
				${actorSection(parts)} ${bodySection(parts)} ${actuatorSection(parts)} ${plotSection(parts)} ${showSection(parts)}
				${modelSection(parts)}
			</div>
		</div>`;
	}

	#problem(): TemplateResult | typeof nothing {
		const { viewing, session } = this;
		if (viewing.status.kind === "problem") {
			const { message, path, line } = viewing.status.problem;
			return html`<div class="alarm error" role="alert">
				<span class="codicon codicon-error" aria-hidden="true"></span>
				<div>
					<p>${message}</p>
					${
						path === null
							? nothing
							: html`<button type="button" class="link" @click=${() => void session.host.call("openSource", { path, line })}>
									${path}${line === null ? nothing : html`, line ${line}`}
								</button>`
					}
				</div>
			</div>`;
		}
		if (!viewing.trouble) return nothing;
		return html`<div class="alarm warning" role="alert">
			<span class="codicon codicon-warning" aria-hidden="true"></span>
			<div><p>${viewing.trouble}</p></div>
		</div>`;
	}

	#help(): TemplateResult {
		return html`<div class="help" role="dialog" aria-label="Keys">
			<dl>${keyHelp.map(([keys, what]) => html`<dt><kbd>${keys}</kbd></dt><dd>${what}</dd>`)}</dl>
		</div>`;
	}

	/** What the picture shows, for who does not see it. */
	#inWords(): string {
		const { viewing, session } = this;
		const { player, state, physics } = viewing;
		if (!player || !state || !physics) return session.state?.title ?? "Model";
		const picked = viewing.picked === null ? "" : `, ${physics.names("body")[viewing.picked] ?? ""} picked`;
		const others = player.actors.map(({ name }) => name).filter((name) => name !== "");
		const shown = others.length > 0 ? `, ${others.join(" beside ")}` : "";
		return `${session.state?.title ?? "Model"}${shown}, ${player.isPlaying ? "playing" : "paused"} at ${player.timeS.toFixed(1)} seconds, ${state.now.ncon} contacts${picked}`;
	}

	#status(): string {
		const { viewing, actions } = this;
		const { player } = viewing;
		if (actions.recording) return "Recording…";
		if (actions.said) return actions.said;
		if (player?.isPlaying && player.pace < slowPace) {
			return `Slower than asked for: ${Math.round(player.pace * 100)} % of the speed.`;
		}
		return "";
	}
}

customElements.define("gamma-viewer", ViewerApp);
