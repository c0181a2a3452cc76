import { html } from "lit";
import { SessionElement } from "./sessionElement";

export class ParallelView extends SessionElement {
	protected override render() {
		return html``;
	}
}

customElements.define("gamma-charts-parallel", ParallelView);
