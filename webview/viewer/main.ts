import { onThemeChange } from "../common/theme";
import { viewerSheets } from "./styles";
import { ViewerApp } from "./viewerApp";
import { ViewerSession } from "./viewerSession";

document.adoptedStyleSheets.push(...viewerSheets());
const session = new ViewerSession();
const app = new ViewerApp();
app.session = session;
document.body.append(app);
onThemeChange(() => app.viewing.changed());
session.host.ready();
