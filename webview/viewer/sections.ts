import { html, nothing, type TemplateResult } from "lit";
import { type Overlay, overlays } from "../../src/shared/panels/viewerPanel";
import { formatNumber } from "../common/number";
import { section } from "../common/section";
import { notDrawn } from "./notDrawn";
import type { ViewerActions } from "./viewerActions";
import type { ViewerSession } from "./viewerSession";
import type { Viewing } from "./viewing";

export interface SectionParts {
	readonly session: ViewerSession;
	readonly viewing: Viewing;
	readonly actions: ViewerActions;
}

const overlayNames: Readonly<Record<Overlay, string>> = {
	contacts: "Contact points",
	forces: "Contact forces",
	joints: "Joint axes",
	com: "Centres of mass",
	sites: "Sites",
	tendons: "Tendons",
	cameras: "Cameras",
	lights: "Lights",
	shadows: "Shadows",
};
const groups = [0, 1, 2, 3, 4, 5];

const toggled = <T>(all: readonly T[], one: T): T[] =>
	all.includes(one) ? all.filter((other) => other !== one) : [...all, one];

export function showSection({ session, viewing }: SectionParts): TemplateResult {
	const { kept } = session;
	return section(session, "show", {
		title: "Show",
		folded: true,
		body: () => html`<div class="checks">
				${overlays.map(
					(overlay) => html`<label class="check"
						><input
							type="checkbox"
							.checked=${kept.overlays.includes(overlay)}
							@change=${() => {
								session.keep({ overlays: toggled(kept.overlays, overlay) });
								viewing.changed();
							}}
						/>${overlayNames[overlay]}</label
					>`,
				)}
			</div>
			<div class="checks groups" role="group" aria-label="Groups of geoms">
				<span class="faint">Groups</span>
				${groups.map(
					(group) => html`<label class="check"
						><input
							type="checkbox"
							aria-label="Group ${group}"
							.checked=${kept.groups.includes(group)}
							@change=${() => {
								session.keep({ groups: toggled(kept.groups, group) });
								viewing.changed();
							}}
						/>${group}</label
					>`,
				)}
			</div>`,
	});
}

export function actuatorSection({ session, viewing }: SectionParts): TemplateResult | typeof nothing {
	const { physics, state } = viewing;
	if (!physics || !state || physics.model.nu === 0) return nothing;
	const names = physics.names("actuator");
	const ranges = physics.model.actuator_ctrlrange;
	const { ctrl } = state.now;
	const set = (index: number, value: number) => {
		state.now.ctrl[index] = value;
		viewing.changed();
	};
	return section(session, "actuators", {
		title: "Actuators",
		note: String(names.length),
		folded: names.length > 8,
		body: () => html`<div class="sliders">
				${names.map((name, index) => {
					const [low = 0, high = 0] = ranges.subarray(index * 2, index * 2 + 2);
					// Without a range of its own an actuator has 0 to 0.
					const [least, most] = low < high ? [low, high] : [-1, 1];
					const value = ctrl[index] ?? 0;
					return html`<label class="slider" title=${name}
						><span class="slider-name">${name}</span
						><input
							type="range"
							min=${least}
							max=${most}
							step=${(most - least) / 200}
							.value=${String(value)}
							@input=${(event: Event) => event.target instanceof HTMLInputElement && set(index, Number(event.target.value))}
						/><span class="number">${formatNumber(Number(value.toPrecision(3)))}</span></label
					>`;
				})}
			</div>
			<button
				type="button"
				class="quiet-button"
				@click=${() => {
					state.now.ctrl.fill(0);
					viewing.changed();
				}}
			>
				<span class="codicon codicon-clear-all" aria-hidden="true"></span>All to zero
			</button>`,
	});
}

export function bodySection({ session, viewing, actions }: SectionParts): TemplateResult | typeof nothing {
	const { physics, state, picked } = viewing;
	if (!physics || !state) return nothing;
	const names = physics.names("body");
	const place = (values: ArrayLike<number>, from: number, count: number) =>
		Array.from({ length: count }, (_, k) => (values[from + k] ?? 0).toFixed(3)).join("  ");
	return section(session, "body", {
		title: "Body",
		...(picked === null ? {} : { note: names[picked] ?? "" }),
		body: () => html`<div class="field-row">
				<select
					id="body"
					aria-label="Body"
					@change=${(event: Event) => {
						const value = event.target instanceof HTMLSelectElement ? event.target.value : "";
						actions.pick(value === "" ? null : Number(value));
					}}
				>
					<option value="" ?selected=${picked === null}>None picked</option>
					${names.map((name, index) =>
						index === 0 ? nothing : html`<option value=${index} ?selected=${index === picked}>${name}</option>`,
					)}
				</select>
				<button
					type="button"
					class="toggle"
					aria-pressed=${viewing.tracked !== null}
					?disabled=${picked === null && viewing.tracked === null}
					title="Go along with it (T)"
					@click=${() => actions.track()}
				>
					Track
				</button>
			</div>
			${
				picked === null
					? nothing
					: html`<dl class="values">
							<dt>Position</dt>
							<dd class="number">${place(state.now.xpos, picked * 3, 3)}</dd>
							<dt>Rotation</dt>
							<dd class="number" title="Quaternion w x y z">${place(state.now.xquat, picked * 4, 4)}</dd>
							<dt>Mass</dt>
							<dd class="number">${formatNumber(Number((physics.model.body_mass[picked] ?? 0).toPrecision(4)))} kg</dd>
						</dl>
						<p class="faint">Ctrl+drag in the picture, or Ctrl+arrows, pushes it.</p>`
			}`,
	});
}

export function modelSection({ session, viewing }: SectionParts): TemplateResult | typeof nothing {
	const { physics, state, player } = viewing;
	if (!physics || !state || !player) return nothing;
	const { nq, nv, nu, nbody, ngeom } = physics.model;
	const left = notDrawn(physics.model);
	const rows: readonly (readonly [string, string])[] = [
		["Time", `${player.timeS.toFixed(3)} s, step ${formatNumber(physics.timestep)} s`],
		["Sizes", `${nbody - 1} bodies, ${ngeom} geoms, nq ${nq}, nv ${nv}, nu ${nu}`],
		["Contacts", String(state.now.ncon)],
		...(left === null ? [] : [["Not drawn", left] as const]),
	];
	return section(session, "model", {
		title: "Model",
		folded: true,
		body: () => html`<dl class="values">
			${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
		</dl>`,
	});
}
