import { type chartsCalls, chartsState } from "../../src/shared/panels/chartsPanel";
import { controlStyle } from "../common/controlStyle";
import { Host } from "../common/host";
import { onThemeChange } from "../common/theme";
import { ChartsApp } from "./chartsApp";
import { ChartsSession } from "./chartsSession";
import { chartsStyle } from "./chartsStyle";
import { forgetSwatchTheme } from "./swatch";

document.adoptedStyleSheets = [controlStyle, chartsStyle].map((text) => {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(text);
	return sheet;
});

const host: Host<typeof chartsCalls> = new Host((raw) => session.take(chartsState.parse(raw)));
const session = new ChartsSession(host);

const app = new ChartsApp();
app.session = session;
document.body.append(app);
onThemeChange(() => {
	forgetSwatchTheme();
	session.themeChanged();
});
host.ready();
