import * as vscode from "vscode";
import { type Disposable, Owner } from "../../core/disposable";
import { Emitter } from "../../core/emitter";
import { once } from "../../core/once";
import { commitScheme } from "../code/commitFiles";
import { lazyCommands } from "../commands/lazyCommands";
import type { Summaries } from "./summaries";
import type { CommitSummaries, SummaryPorts } from "./summaryPorts";

export interface SummaryDeskParts extends SummaryPorts {
	readonly loadSummaries: () => Promise<typeof import("./summaries")>;
}

const shaWord = /\b(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b/;

/** Summaries of commits as they stand at the start: where they show up. What knows them is loaded with the first look. */
export class SummaryDesk extends Owner implements CommitSummaries {
	readonly #changed = this.own(new Emitter<{ readonly sha: string }>());
	readonly onDidChange = this.#changed.event;
	#loaded: Summaries | undefined;
	readonly #summaries: () => Promise<Summaries> = once(async () => {
		const { Summaries } = await this.parts.loadSummaries();
		const made = this.own(new Summaries(this.parts));
		this.own(made.book.onDidChange((change) => this.#changed.fire(change)));
		this.#loaded = made;
		return made;
	});

	constructor(private readonly parts: SummaryDeskParts) {
		super();
		const lenses: Disposable = vscode.languages.registerCodeLensProvider(
			{ scheme: commitScheme },
			{
				onDidChangeCodeLenses: (listener) => this.onDidChange(() => listener()),
				provideCodeLenses: async ({ uri }) => (await this.#summaries()).lenses(uri),
			},
		);
		this.own(lenses);
		this.own(
			vscode.languages.registerHoverProvider("*", {
				provideHover: async (document, at) => {
					const range = document.getWordRangeAtPosition(at, shaWord);
					if (!range && (document.uri.scheme !== commitScheme || at.line > 0)) return null;
					return (await this.#summaries()).hover(range ? document.getText(range) : document.uri, range);
				},
			}),
		);
	}

	of(sha: string) {
		return this.#loaded?.book.of(sha) ?? null;
	}

	async look(sha: string): Promise<void> {
		await (await this.#summaries()).book.look(sha);
	}

	async generate(sha: string): Promise<void> {
		await (await this.#summaries()).book.generate(sha);
	}

	stop(sha: string): void {
		this.#loaded?.book.stop(sha);
	}

	commands() {
		return lazyCommands<ReturnType<Summaries["commands"]>>({ generateSummary: true }, async () =>
			(await this.#summaries()).commands(),
		);
	}
}
