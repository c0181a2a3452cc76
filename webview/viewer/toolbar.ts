import { html, nothing, type TemplateResult } from "lit";
import { speeds, type ViewerActions } from "./viewerActions";
import type { ViewerSession } from "./viewerSession";
import type { Viewing } from "./viewing";

function button(icon: string, label: string, key: string, run: () => void, isPressed?: boolean): TemplateResult {
	return html`<button
		type="button"
		class="icon"
		title=${key ? `${label} (${key})` : label}
		aria-label=${label}
		aria-pressed=${isPressed === undefined ? nothing : String(isPressed)}
		@click=${run}
	>
		<span class="codicon codicon-${icon}" aria-hidden="true"></span>
	</button>`;
}

const chosen = (event: Event) => (event.target instanceof HTMLSelectElement ? event.target.value : "");

export function toolbar(session: ViewerSession, viewing: Viewing, actions: ViewerActions): TemplateResult {
	const { player, physics } = viewing;
	const isPlaying = player?.isPlaying ?? false;
	const cameras = physics?.names("cam") ?? [];
	const keyframes = physics?.names("key") ?? [];
	return html`<div class="toolbar" role="toolbar" aria-label="Simulation">
		${isPlaying ? button("debug-pause", "Pause", "Space", () => actions.togglePlay()) : button("play", "Play", "Space", () => actions.togglePlay())}
		${button("debug-step-back", "Step back", ",", () => actions.stepBack())}
		${button("debug-step-over", "Step", ".", () => actions.step())}
		${button("debug-restart", "Reset", "R", () => actions.reset())}
		<label class="field"
			><span class="spoken">Speed</span>
			<select id="speed" title="Speed ([ and ])" @change=${(event: Event) => actions.setSpeed(Number(chosen(event)))}>
				${speeds.map((speed) => html`<option value=${speed} ?selected=${speed === session.kept.speed}>${speed}×</option>`)}
			</select></label
		>
		<label class="field"
			><span class="spoken">Camera</span>
			<select
				id="camera"
				title="Camera (C)"
				@change=${(event: Event) => {
					session.keep({ camera: chosen(event) });
					viewing.changed();
				}}
			>
				<option value="" ?selected=${viewing.camera < 0}>Free camera</option>
				${cameras.map((name) => html`<option value=${name} ?selected=${name === session.kept.camera}>${name}</option>`)}
			</select></label
		>
		${
			keyframes.length > 0
				? html`<label class="field"
						><span class="spoken">Keyframe</span>
						<select
							id="keyframe"
							title="Keyframe (K)"
							@change=${(event: Event) => {
								actions.reset(Number(chosen(event)));
								if (event.target instanceof HTMLSelectElement) event.target.value = "";
							}}
						>
							<option value="">Keyframe…</option>
							${keyframes.map((name, index) => html`<option value=${index}>${name}</option>`)}
						</select></label
					>`
				: nothing
		}
		<span class="gap"></span>
		${button("screen-full", "First view", "F", () => viewing.resetView())}
		${button("device-camera", "Save picture", "P", () => void actions.savePicture())}
		${button(
			actions.recording ? "debug-stop" : "record",
			actions.recording ? "Stop recording" : "Record video",
			"",
			() => void actions.toggleRecording(),
			actions.recording !== null,
		)}
		${button("question", "Keys", "?", () => actions.toggleHelp(), actions.isHelpOpen)}
	</div>`;
}
