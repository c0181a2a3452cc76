import { type MenuEntry, openMenu } from "../common/menu";
import { toPng, toSvg } from "./chartExport";
import type { ChartFrame } from "./chartFrame";
import type { ChartsSession } from "./chartsSession";
import { say } from "./statusLine";

export interface MenuOfCard {
	readonly session: ChartsSession;
	readonly metric: string;
	readonly frame: ChartFrame | null;
	readonly isTable: boolean;
	toggleTable(): void;
}

/** The ⋯ menu of one chart. */
export function openCardMenu(anchor: HTMLElement, card: MenuOfCard): void {
	const { session, metric, frame, isTable } = card;
	const { host } = session;
	const picture: MenuEntry[] = frame
		? [
				{ label: "Export PNG…", run: () => void exported(toPng(frame, metric).then((png) => saved("png", png))) },
				{ label: "Export SVG…", run: () => void exported(saved("svg", toSvg(frame, metric))) },
			]
		: [];
	const saved = (format: "png" | "svg", content: string) =>
		host.callPatiently("save", { name: metric, format, content });
	openMenu(anchor, [
		{ label: "Show as table", checked: isTable, run: () => card.toggleTable() },
		{ label: "Log y axis of this chart", checked: session.isLogY(metric), run: () => toggleLogY(session, metric) },
		{ label: "Ask about this metric", run: () => void exported(asked(session, metric)) },
		"separator",
		...picture,
		{ label: "Export CSV, full history…", run: () => void exported(host.callPatiently("exportCsv", { metric })) },
		{
			label: "Copy link to this chart",
			run: () =>
				void exported(
					host.call("copyLink", { view: session.view, metric }).then(() => false),
					"Link copied.",
				),
		},
	]);
}

/** Of the steps that are zoomed to, where the axis counts steps. */
async function asked(session: ChartsSession, metric: string): Promise<false> {
	const { zoom, xAxis } = session.view;
	const [fromStep, toStep] = zoom && xAxis === "step" ? [Math.ceil(zoom[0]), Math.floor(zoom[1])] : [null, null];
	await session.host.call("askAbout", { metric, fromStep, toStep });
	return false;
}

export function toggleLogY(session: ChartsSession, metric: string): void {
	const { logYFlipped } = session.view;
	session.setView({
		logYFlipped: logYFlipped.includes(metric)
			? logYFlipped.filter((other) => other !== metric)
			: [...logYFlipped, metric],
	});
}

/** Says how it ended where screen readers and eyes find it; a dialog left without a choice needs no words. */
async function exported(done: Promise<boolean>, otherwise = ""): Promise<void> {
	try {
		say((await done) ? "Saved." : otherwise);
	} catch (error) {
		say(error instanceof Error ? error.message : String(error));
	}
}
