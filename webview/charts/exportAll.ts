import type { MenuEntry } from "../common/menu";
import { formatCount } from "../common/number";
import { AllCharts, beat } from "./allCharts";
import type { ChartsSession } from "./chartsSession";
import { shownInOrder } from "./shownMetrics";
import { say } from "./statusLine";
import { SvgPen, svgHead, svgTail } from "./svgPen";

/** 128 MB as pixels in memory: 100 charts at 1.4 times the screen's size. */
const mostPixels = 32_000_000;
/** What browsers draw on, at most, each way. */
const mostSide = 16_384;
/** Rows of pixels that are painted at once: fresh memory of the whole picture takes 0.1 s to touch. */
const bandHeight = 1000;
/** So often is said how far it is: more would be a burden to listen to. */
const progressMs = 1000;

let isUnderWay = false;

/** The entries of the panel's menu for all charts that the search and the hidden runs leave. */
export function exportAllEntries(session: ChartsSession): (MenuEntry | "separator")[] {
	const { state, view } = session;
	if (!state || view.tab !== "lines" || shownInOrder(state, view).length === 0) return [];
	return [
		{ label: "Export all charts as PNG…", run: () => void exportAll(session, savePng) },
		{ label: "Export all charts as SVG…", run: () => void exportAll(session, saveSvg) },
		{ label: "Export all charts as CSV (full history)…", run: () => void exportAll(session, saveCsv) },
		"separator",
	];
}

/** What was saved, in words; null when the person thought better of it. */
type Save = (session: ChartsSession, metrics: readonly string[]) => Promise<string | null>;

async function exportAll(session: ChartsSession, save: Save): Promise<void> {
	const { state, view } = session;
	if (!state) return;
	if (isUnderWay) {
		say("The charts are being exported already.");
		return;
	}
	isUnderWay = true;
	try {
		const saved = await save(session, shownInOrder(state, view));
		say(saved === null ? "" : `Saved ${saved}.`);
	} catch (error) {
		say(`Not exported: ${error instanceof Error ? error.message : String(error)}`);
	} finally {
		isUnderWay = false;
	}
}

async function saveCsv({ host }: ChartsSession, metrics: readonly string[]): Promise<string | null> {
	const isSaved = await host.callPatiently("exportAllCsv", { metrics: [...metrics] });
	return isSaved ? `the full history of ${counted(metrics.length, "metric")}` : null;
}

async function saveSvg(session: ChartsSession, metrics: readonly string[]): Promise<string | null> {
	const charts = chartsOf(session, metrics);
	const { width, height } = charts.size;
	const pen = new SvgPen();
	// Each chart's text is put away at once: joined at the end, those of many runs would hold up the panel.
	const pieces: BlobPart[] = [svgHead(width, height, session.theme.background, counted(metrics.length, "chart"))];
	const sayHowFar = progress(metrics.length);
	await charts.draw(pen, (drawn) => {
		pieces.push(new Blob(pen.takeDrawn()));
		sayHowFar(drawn);
	});
	const content = await new Blob([...pieces, svgTail]).text();
	return savePicture(session, "svg", content, metrics.length);
}

async function savePng(session: ChartsSession, metrics: readonly string[]): Promise<string | null> {
	const charts = chartsOf(session, metrics);
	const { width, height } = charts.size;
	const wanted = Math.max(2, window.devicePixelRatio);
	const scale = Math.min(wanted, Math.sqrt(mostPixels / (width * height)), mostSide / Math.max(width, height));
	if (scale < 1) {
		const count = formatCount(metrics.length);
		throw new Error(`${count} charts are too many for one PNG. Search for fewer of them, or export SVG.`);
	}
	const canvas = document.createElement("canvas");
	canvas.width = Math.round(width * scale);
	canvas.height = Math.round(height * scale);
	// Kept in memory: what is drawn there is read back once, and nothing of it is shown.
	const pen = canvas.getContext("2d", { willReadFrequently: true });
	if (!pen) throw new Error("There is not enough memory for so large a picture. Search for fewer charts.");
	const sayHowFar = progress(metrics.length);
	// A canvas draws when it is read: each band and each chart now, not all of them at the end.
	const drawNow = () => pen.getImageData(0, 0, 1, 1);
	pen.fillStyle = session.theme.background;
	for (let top = 0; top < canvas.height; top += bandHeight) {
		pen.fillRect(0, top, canvas.width, bandHeight);
		drawNow();
		await beat();
	}
	pen.scale(scale, scale);
	await charts.draw(pen, (drawn) => {
		drawNow();
		sayHowFar(drawn);
	});
	return savePicture(session, "png", await toBase64(canvas), metrics.length);
}

async function savePicture(
	{ host }: ChartsSession,
	format: "png" | "svg",
	content: string,
	count: number,
): Promise<string | null> {
	const isSaved = await host.callPatiently("save", { name: "charts", format, content });
	return isSaved ? counted(count, "chart") : null;
}

function chartsOf(session: ChartsSession, metrics: readonly string[]): AllCharts {
	const { host, state, view, theme } = session;
	if (!state) throw new Error("There are no charts yet.");
	const logY = new Set(metrics.filter((metric) => session.isLogY(metric)));
	return new AllCharts({
		host,
		state,
		view,
		theme,
		metrics: metrics.flatMap((name) => session.metric(name) ?? []),
		isLogY: (metric) => logY.has(metric),
	});
}

function progress(count: number): (drawn: number) => void {
	let saidAt = performance.now();
	say(`Drawing ${counted(count, "chart")}…`);
	return (drawn) => {
		if (performance.now() - saidAt < progressMs) return;
		saidAt = performance.now();
		say(`Drawing ${counted(count, "chart")}… ${formatCount(drawn)} done`);
	};
}

function counted(count: number, word: string): string {
	return `${formatCount(count)} ${word}${count === 1 ? "" : "s"}`;
}

/** Encoded beside the panel's own work, unlike `toDataURL`. */
async function toBase64(canvas: HTMLCanvasElement): Promise<string> {
	const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
	if (!blob) throw new Error("There is not enough memory for so large a picture. Search for fewer charts.");
	const reader = new FileReader();
	const read = new Promise<string>((done, failed) => {
		reader.onload = () => done(String(reader.result));
		reader.onerror = () => failed(reader.error);
	});
	reader.readAsDataURL(blob);
	return (await read).replace(/^data:image\/png;base64,/, "");
}
