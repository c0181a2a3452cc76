import { html } from "lit";
import { SessionElement } from "./sessionElement";

export class ScatterView extends SessionElement {
	protected override render() {
		return html``;
	}
}

customElements.define("gamma-charts-scatter", ScatterView);
