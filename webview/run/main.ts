import { onThemeChange } from "../common/theme";
import { RunPage } from "./runPage";
import { RunSession } from "./runSession";
import { runStyles } from "./styles";

document.adoptedStyleSheets.push(runStyles());
const session = new RunSession();
const page = new RunPage();
page.session = session;
document.body.append(page);
onThemeChange(() => session.changed());
session.host.ready();
