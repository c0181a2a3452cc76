import { onThemeChange } from "../common/theme";
import { loadMujoco } from "./loadMujoco";
import { viewerSheets } from "./styles";
import { ViewerApp } from "./viewerApp";
import { ViewerSession } from "./viewerSession";

// It lies beside this script, and is on its way before the host has said anything.
if (document.currentScript instanceof HTMLScriptElement) {
	loadMujoco(new URL("mujoco.wasm", document.currentScript.src).href).catch(() => {});
}
document.adoptedStyleSheets.push(...viewerSheets());
const session = new ViewerSession();
const app = new ViewerApp();
app.session = session;
document.body.append(app);
onThemeChange(() => app.viewing.changed());
session.host.ready();
