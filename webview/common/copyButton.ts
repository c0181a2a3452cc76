import { html, type TemplateResult } from "lit";

const saidForMs = 1500;

/** Copies a text and says so for a moment, to the eye on the button and to a screen reader in the page's live region. */
export function copyButton(
	{ host }: { readonly host: { copy(text: string): void } },
	label: string,
	text: string,
	spoken = `Copy ${label}`,
): TemplateResult {
	const copy = (event: Event) => {
		host.copy(text);
		const button = event.currentTarget;
		if (!(button instanceof HTMLElement)) return;
		const icon = button.querySelector(".codicon");
		icon?.classList.replace("codicon-copy", "codicon-check");
		const live = document.getElementById("said");
		if (live) live.textContent = `Copied: ${label}`;
		setTimeout(() => icon?.classList.replace("codicon-check", "codicon-copy"), saidForMs);
	};
	return html`<button type="button" class="quiet-button" title="${spoken}: ${text.slice(0, 300)}" aria-label=${spoken} @click=${copy}>
		<span class="codicon codicon-copy" aria-hidden="true"></span>${label}
	</button>`;
}
