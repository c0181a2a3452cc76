/** The page whose one button posts the manifest to GitHub. No script: the person presses it. */
export function creationPage(action: string, manifest: unknown): string {
	return page(
		"Create the GitHub App",
		`<p>GitHub shows you the App that Gamma's relay needs: what it may do, and where its events go. Nothing is made before you say so there.</p>
<form action="${escaped(action)}" method="post">
<input type="hidden" name="manifest" value="${escaped(JSON.stringify(manifest))}">
<button autofocus>Create the GitHub App</button>
</form>`,
	);
}

export function createdPage(name: string, installUrl: string): string {
	return page(
		`${name} is made`,
		`<p>Go back to where you began: the relay's settings are kept there. Then
<a href="${escaped(installUrl)}">install the App</a> on the repositories that train.</p>`,
	);
}

export function refusedPage(sentence: string): string {
	return page("The App was not made", `<p>${escaped(sentence)}</p>`);
}

function page(title: string, body: string): string {
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Gamma: ${escaped(title)}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 34rem; margin: 15vh auto 0; padding: 0 1rem; }
button { font: inherit; padding: 0.4rem 1rem; }
</style>
<h1>${escaped(title)}</h1>
${body}
</html>
`;
}

function escaped(text: string): string {
	return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
