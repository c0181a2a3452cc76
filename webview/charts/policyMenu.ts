import { openMenu } from "../common/menu";
import type { ChartsSession } from "./chartsSession";

/** The chart's own context menu, where a policy was logged; elsewhere the browser's stays. */
export function openPolicyMenu(event: MouseEvent, plot: HTMLElement, session: ChartsSession): void {
	const policy = session.policyAtCursor();
	if (!policy) return;
	event.preventDefault();
	const name = session.state?.runs.find(({ key }) => key === policy.key)?.name ?? "";
	openMenu(plot.querySelector<HTMLElement>("canvas.lines") ?? plot, [
		{ label: `Open the policy at step ${policy.step} of ${name}`, hint: "p", run: () => session.policies.open(policy) },
	]);
	const menu = document.querySelector<HTMLElement>("body > .menu");
	if (!menu) return;
	const { width, height } = menu.getBoundingClientRect();
	menu.style.left = `${Math.max(4, Math.min(event.clientX, window.innerWidth - width - 4))}px`;
	menu.style.top = `${Math.max(4, Math.min(event.clientY, window.innerHeight - height - 4))}px`;
}
