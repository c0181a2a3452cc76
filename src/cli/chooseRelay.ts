import { LocalRelayProcess } from "../adapters/localRelay/localRelayProcess";
import { relayFolder } from "../adapters/localRelay/relayFolder";
import { GammaError } from "../shared/errors";

/**
 * The relay that is named (`--relay`, else GAMMA_RELAY), else this machine's own, whose address and token lie in its files.
 * A token that is given (`--token`, else GAMMA_TOKEN) counts before the local relay's own. Throws `settings.invalid` where there is none to ask, or no token.
 */
export async function chooseRelay(
	named: { readonly relay?: string | undefined; readonly token?: string | undefined },
	environment: NodeJS.ProcessEnv,
): Promise<{ readonly url: string; readonly token: string }> {
	const url = (named.relay ?? environment.GAMMA_RELAY?.trim() ?? "").replace(/\/+$/, "");
	const given = named.token ?? environment.GAMMA_TOKEN?.trim();
	if (url !== "" && given) return { url, token: given };
	const folder = relayFolder(environment);
	const local = await new LocalRelayProcess({ folder, programPath: "", environment }).find();
	if (local && (url === "" || url === local.url)) return { url: local.url, token: given || local.token };
	throw new GammaError(
		"settings.invalid",
		url === ""
			? "Which relay? Start one (gamma relay), or name one with --relay or GAMMA_RELAY."
			: "The relay wants a token: give it in GAMMA_TOKEN, or with --token.",
	);
}
