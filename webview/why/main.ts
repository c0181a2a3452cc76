import { onThemeChange } from "../common/theme";
import { whyStyles } from "./styles";
import { WhyPage } from "./whyPage";
import { WhySession } from "./whySession";

document.adoptedStyleSheets.push(whyStyles());
const session = new WhySession();
const page = new WhyPage();
page.session = session;
document.body.append(page);
onThemeChange(() => session.changed());
session.host.ready();
