import { html, nothing } from "lit";
import type { ChartQuery } from "../../src/shared/chart";
import { longName } from "../common/longName";
import { openCardMenu } from "./cardMenu";
import { cardNotes } from "./cardNotes";
import { ChartFeed } from "./chartFeed";
import { ChartFrame } from "./chartFrame";
import { listenToGestures } from "./chartGestures";
import { type DrawnLine, drawnLines, type LineSubject, subjectsOf, toLineQuery } from "./chartLines";
import { emptyWords, pictureOf } from "./chartPicture";
import type { Topic } from "./chartsSession";
import { cursorStep } from "./cursorStep";
import { dragMention } from "./dragMention";
import { drawOverlay } from "./drawOverlay";
import { drawNever, drawSoon } from "./drawQueue";
import { watchNearby } from "./nearby";
import { valueAtX } from "./plot";
import { pointsTable, renderPointsTable, tablePage } from "./pointsTable";
import { openPolicyMenu } from "./policyMenu";
import type { Range } from "./ranges";
import { SessionElement } from "./sessionElement";
import { announce } from "./statusLine";
import { snapX, valueRows } from "./valueRows";
import { hideValueTip, showValueTip, valuesInWords } from "./valueTip";

/** Pixel columns are asked for in steps of this, so that a window being resized asks seldom. */
const pixelStep = 64;

/** One metric of all charted runs. Draws, and asks for points, only in or near the viewport. */
export class MetricCard extends SessionElement {
	declare metric: string;
	protected override readonly topics: readonly Topic[] = ["state", "view", "cursor", "highlight", "theme", "full"];

	#isNear = false;
	#isTable = false;
	#tableRows = tablePage;
	#frame: ChartFrame | null = null;
	#subjects: readonly LineSubject[] = [];
	#lines: readonly DrawnLine[] = [];
	#selection: Range | null = null;
	#pixels = 0;
	#stopWatching: (() => void) | undefined;
	readonly #resized = new ResizeObserver(() => this.#fit());
	readonly #draw = () => this.#drawNow();
	readonly #overlay = () => this.#drawOverlayNow();
	readonly #feed = new ChartFeed(
		(query, signal) => this.session.host.call("chart", query, signal),
		() => this.#answered(),
	);

	override connectedCallback(): void {
		super.connectedCallback();
		this.#stopWatching = watchNearby(this, (isNear) => this.#setNear(isNear));
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.#stopWatching?.();
		this.#setNear(false);
	}

	protected override sessionChanged(topic: Topic): void {
		if (topic === "full") this.requestUpdate();
		if (!this.#isNear) return;
		if (topic === "cursor") drawSoon(this.#overlay);
		else if (topic === "highlight" || topic === "theme") drawSoon(this.#draw);
		else if (topic !== "full") {
			this.#want();
			drawSoon(this.#draw);
			if (topic === "view") this.requestUpdate();
		}
	}

	/** Moves the cursor by a key; true when it was one of ours. */
	readonly #key = (event: KeyboardEvent): void => {
		const plot = this.#frame?.plot;
		if (!plot || event.ctrlKey || event.metaKey || event.altKey) return;
		const x = cursorStep(
			event.key,
			event.shiftKey,
			this.#lines.map(({ line }) => line),
			plot,
			this.session.cursor?.x ?? null,
		);
		if (x === undefined) return;
		event.preventDefault();
		this.session.setCursor(x === null ? null : { x, metric: this.metric, py: null });
		if (x !== null) announce(valuesInWords(valueRows(this.#lines, plot, x, null), this.session.view.xAxis, x));
	};

	protected override render() {
		const { session, metric } = this;
		const { view, full } = session;
		const isPinned = view.pins.includes(metric);
		const isFull = full === metric;
		this.classList.toggle("full", isFull);
		const notes = cardNotes(this.#lines, {
			logY: session.isLogY(metric),
			wantedRuns: this.#subjects.filter(({ kind }) => kind !== "baseline").length,
		});
		return html`<header>
				<h3 draggable="true" @dragstart=${(event: DragEvent) => dragMention(event, `metric:${metric}`, metric)}>${longName(metric)}</h3>
				<span class="actions">
					<button class="icon" type="button" aria-pressed=${isPinned} title=${isPinned ? "Unpin" : "Pin to the top"}
						aria-label="${isPinned ? "Unpin" : "Pin"} ${metric}" @click=${this.#togglePin}>
						<i class="codicon ${isPinned ? "codicon-pinned" : "codicon-pin"}"></i>
					</button>
					<button class="icon" type="button" aria-pressed=${isFull} title=${isFull ? "Leave full panel (Escape)" : "Fill the panel (f)"}
						aria-label="${isFull ? "Leave full panel" : "Fill the panel with"} ${metric}"
						@click=${() => session.setFull(isFull ? null : metric)}>
						<i class="codicon ${isFull ? "codicon-screen-normal" : "codicon-screen-full"}"></i>
					</button>
					<button class="icon" type="button" aria-pressed=${this.#isTable} title="Show as table" aria-label="Show as table: ${metric}" @click=${this.#toggleTable}>
						<i class="codicon codicon-table"></i>
					</button>
					<button class="icon" type="button" aria-haspopup="menu" aria-expanded="false" title="More" aria-label="More for ${metric}" @click=${this.#openMenu}>
						<i class="codicon codicon-ellipsis"></i>
					</button>
				</span>
			</header>
			<div class="plot" ?hidden=${this.#isTable}>
				${
					this.#isNear
						? html`<canvas class="lines" role="img" tabindex="0" aria-label=${this.#label()}
									aria-description="Arrow keys move the cursor, Home and End go to the ends." @keydown=${this.#key} @blur=${this.#blurred}></canvas>
								<canvas class="over" aria-hidden="true"></canvas>`
						: nothing
				}
				${this.#message()}
			</div>
			${this.#isTable ? this.#table() : nothing}
			<footer title=${notes.title}>${this.#feed.answer ? notes.text : nothing}</footer>`;
	}

	protected override updated(): void {
		const canvas = this.querySelector<HTMLCanvasElement>("canvas.lines");
		const plot = this.querySelector<HTMLElement>(".plot");
		if (!canvas || !plot || this.#frame) return;
		this.#frame = new ChartFrame(canvas);
		if (!plot.dataset.listens) {
			plot.dataset.listens = "yes";
			this.#listen(plot);
		}
		this.#resized.observe(plot);
		this.#fit();
	}

	#message() {
		const { state } = this.#feed;
		if (state.kind === "failed") {
			return html`<div class="message" role="alert">
				<p>${state.message}</p>
				<button class="secondary" type="button" @click=${() => this.#feed.retry()}>Try again</button>
			</div>`;
		}
		const words = state.kind === "waiting" ? null : emptyWords(this.#lines);
		return words === null ? nothing : html`<div class="message"><p>${words}</p></div>`;
	}

	#table() {
		const { xAxis } = this.session.view;
		return renderPointsTable(this.metric, pointsTable(this.#lines, xAxis), xAxis, this.#tableRows, () => {
			this.#tableRows += tablePage;
			this.requestUpdate();
		});
	}

	#label(): string {
		const names = this.#subjects.map(({ name }) => name);
		const shown = names.slice(0, 10).join(", ");
		return `${this.metric} of ${shown}${names.length > 10 ? ` and ${names.length - 10} more` : ""}`;
	}

	#setNear(isNear: boolean): void {
		if (this.#isNear === isNear) return;
		this.#isNear = isNear;
		if (isNear) {
			this.#want();
		} else {
			this.#feed.pause();
			this.#resized.disconnect();
			drawNever(this.#draw);
			drawNever(this.#overlay);
			this.#frame?.destroy();
			this.#frame = null;
		}
		this.requestUpdate();
	}

	/** Asks for what is to be seen now, unless it is known. */
	#want(): void {
		const { session, metric } = this;
		const { state, view } = session;
		const declared = session.metric(metric);
		if (!state || !declared || !this.#isNear) return;
		this.#subjects = subjectsOf(state, view, declared);
		const answer = this.#feed.answer;
		if (answer) this.#lines = drawnLines(answer, this.#subjects);
		if (this.#pixels === 0 || this.#subjects.length === 0) return;
		const query: ChartQuery = {
			metric,
			lines: this.#subjects.map(toLineQuery),
			xAxis: view.xAxis,
			xRange: view.zoom,
			logX: view.logX,
			pixels: this.#pixels,
			smoothing: view.smoothing,
		};
		this.#feed.want({ query, revision: declared.revision });
	}

	#answered(): void {
		const { answer } = this.#feed;
		if (answer) this.#lines = drawnLines(answer, this.#subjects);
		drawSoon(this.#draw);
		this.requestUpdate();
	}

	#fit(): void {
		const plot = this.querySelector<HTMLElement>(".plot");
		if (!plot || !this.#frame || plot.clientWidth === 0) return;
		this.#frame.resize(plot.clientWidth, plot.clientHeight);
		this.#pixels = Math.max(pixelStep, Math.ceil(plot.clientWidth / pixelStep) * pixelStep);
		this.#want();
		drawSoon(this.#draw);
	}

	#drawNow(): void {
		if (!this.#frame || this.#lines.length === 0) return;
		const answered = this.#feed.answered?.query.xRange ?? null;
		const picture = pictureOf(this.#lines, this.session.isLogY(this.metric), answered, this.session);
		if (!picture) return;
		this.#frame.show(picture);
		this.#drawOverlayNow();
	}

	#drawOverlayNow(): void {
		const canvas = this.querySelector<HTMLCanvasElement>("canvas.over");
		if (!canvas || !this.#frame) return;
		const { cursor } = this.session;
		drawOverlay(canvas, this.#frame, cursor, this.#selection, this.session.policies);
		if (cursor?.metric === this.metric) this.#showTip();
	}

	#showTip(): void {
		const { cursor, view } = this.session;
		const plot = this.#frame?.plot;
		if (!cursor || !plot) return;
		const rows = valueRows(this.#lines, plot, cursor.x, cursor.py);
		const box = this.querySelector(".plot")?.getBoundingClientRect();
		if (!box || rows.length === 0) {
			hideValueTip();
			return;
		}
		const [low, high] = plot.xRange;
		const part = plot.logX ? Math.log(cursor.x / low) / Math.log(high / low) : (cursor.x - low) / (high - low);
		const left = box.left + plot.left + part * (plot.right - plot.left);
		const policy = this.session.policyAtCursor();
		const note = policy && `p or Ctrl+click: the policy at step ${policy.step}`;
		showValueTip(rows, view.xAxis, cursor.x, left, box, note);
	}

	#listen(plot: HTMLElement): void {
		const { session } = this;
		listenToGestures(plot, {
			plot: () => this.#frame?.plot ?? null,
			hover: (px, py) => {
				const at = this.#frame?.plot;
				if (!at || px < at.left || px > at.right) return this.#leave();
				const x = snapX(this.#lines, valueAtX(at, px));
				if (x === null) return;
				session.setCursor({ x, metric: this.metric, py });
				const nearest = valueRows(this.#lines, at, x, py).find(({ kind }) => kind === "run");
				session.pointed = nearest?.id ?? null;
				plot.classList.toggle("at-policy", session.policyAt(at, px, py) !== null);
			},
			click: (px, py, isGoing) => {
				const at = this.#frame?.plot;
				const policy = at && (session.policyAt(at, px, py) ?? (isGoing ? session.policyAtCursor() : null));
				if (policy) session.policies.open(policy);
			},
			leave: () => this.#leave(),
			select: (pixels) => {
				this.#selection = pixels;
				drawSoon(this.#overlay);
			},
			zoom: (range) => session.setView({ zoom: [range[0], range[1]] }),
			reset: () => session.setView({ zoom: null }),
		});
		plot.addEventListener("contextmenu", (event) => openPolicyMenu(event, plot, session));
	}

	#leave(): void {
		hideValueTip();
		this.session.setCursor(null);
		this.session.pointed = null;
	}

	readonly #blurred = () => {
		if (this.session.cursor?.py === null) this.#leave();
	};

	readonly #togglePin = () => {
		const { pins } = this.session.view;
		const { metric } = this;
		this.session.setView({
			pins: pins.includes(metric) ? pins.filter((other) => other !== metric) : [...pins, metric],
		});
	};

	readonly #toggleTable = () => {
		this.#isTable = !this.#isTable;
		this.#tableRows = tablePage;
		this.requestUpdate();
	};

	readonly #openMenu = (event: Event) => {
		if (!(event.currentTarget instanceof HTMLElement)) return;
		openCardMenu(event.currentTarget, {
			session: this.session,
			metric: this.metric,
			frame: this.#frame,
			isTable: this.#isTable,
			toggleTable: this.#toggleTable,
		});
	};
}

customElements.define("gamma-metric-card", MetricCard);
