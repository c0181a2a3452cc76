import { onThemeChange } from "../common/theme";
import { JobPage } from "./jobPage";
import { JobSession } from "./jobSession";
import { jobStyles } from "./styles";

document.adoptedStyleSheets.push(jobStyles());
const session = new JobSession();
const page = new JobPage();
page.session = session;
document.body.append(page);
onThemeChange(() => session.changed());
session.host.ready();
