import { Loader } from "@mantine/core";
import { lazy, Suspense, useEffect } from "react";
import { Redirect, Route, Router, Switch, useLocation } from "wouter";
import { usePathname } from "wouter/use-browser-location";
import { basePath } from "./api/address.js";
import { useSession } from "./api/session.js";
import { CardGridSkeleton } from "./components/CardGrid.jsx";
import { Crash } from "./components/Crash.jsx";
import { ErrorState } from "./components/ErrorState.jsx";
import { Page } from "./components/Page.jsx";
import { nameIn } from "./lib/links.js";
import { NotFoundPage } from "./pages/NotFoundPage.jsx";
import { SignInPage } from "./pages/signin/SignInPage.jsx";
import { WelcomePage } from "./pages/signin/WelcomePage.jsx";
import { loadAhead, sections } from "./sections.js";
import { PlainShell } from "./shell/PlainShell.jsx";
import { Shell } from "./shell/Shell.jsx";
import { words } from "./words.js";

const AuditPage = lazy(() => import("./pages/audit/AuditPage.jsx"));
const CallerPage = lazy(() => import("./pages/caller/CallerPage.jsx"));
const DocsPage = lazy(() => import("./pages/docs/DocsPage.jsx"));

/** The way from an address to a page; who isn't signed in sees how to. */
export function AppRouter() {
  return (
    <Router base={basePath()} aroundNav={fromTheTop}>
      <Switch>
        <Route path="/welcome" component={WelcomePage} />
        <Route component={SignedIn} />
      </Switch>
    </Router>
  );
}

/**
 * Begin another page at its top; an address that only takes the place of the last one is still the same page.
 *
 * @type {import("wouter").AroundNavHandler}
 */
function fromTheTop(navigate, to, options) {
  navigate(to, options);
  if (!options?.replace) window.scrollTo(0, 0);
}

function SignedIn() {
  const session = useSession();
  const [path] = useLocation();
  const { isPending } = session;
  useEffect(() => {
    if (isPending) loadAhead(path);
  }, [isPending, path]);
  if (isPending) return <Loader aria-label={words.common.loading} m="xl" />;
  if (session.data === undefined) {
    return <ErrorState error={session.error} onRetry={() => session.refetch()} />;
  }
  if (session.data === null) return <SignInPage />;
  if (session.data.role === "PREDICT") {
    return (
      <PlainShell>
        <Loaded title={words.caller.title}>
          <CallerPage />
        </Loaded>
      </PlainShell>
    );
  }
  return (
    <Shell>
      <Switch>
        {sections.flatMap(routesOf)}
        <Route path="/audit">
          <Loaded title={words.audit.title}>
            <AuditPage />
          </Loaded>
        </Route>
        <Route path="/docs">
          <Loaded title={words.docs.title}>
            <DocsPage />
          </Loaded>
        </Route>
        <Route component={NotFoundPage} />
      </Switch>
    </Shell>
  );
}

/**
 * @param {import("./sections.js").Section} section
 * @returns {React.ReactElement[]}
 */
function routesOf({ path, title, page: Content, item: Item, hasParts, children = [] }) {
  const routes = [
    ...children.flatMap(routesOf),
    <Route key={path} path={hasParts ? `${path}/:part?` : path}>
      {Content ? (
        <Loaded title={title}>
          <Content />
        </Loaded>
      ) : (
        <Redirect to={children[0].path} replace />
      )}
    </Route>,
  ];
  if (Item) {
    routes.push(
      <Route key={`${path}/:name`} path={`${path}/:name`}>
        <Named item={Item} />
      </Route>,
    );
  }
  return routes;
}

/**
 * The page of the one thing that the address names.
 *
 * @param {object} props
 * @param {React.ComponentType<{name: string}>} props.item
 */
function Named({ item: Item }) {
  // From the address itself: the router decodes it, but not all of it, and so can't tell `?` from a name's own `%3F`.
  const name = nameIn(usePathname());
  return (
    // By its name: what one began on one thing's page must not go on with another.
    <Loaded key={name} title={name}>
      <Item name={name} />
    </Loaded>
  );
}

/**
 * A page whose code is loaded when it is opened.
 *
 * @param {object} props
 * @param {string} props.title
 * @param {React.ReactNode} props.children
 */
function Loaded({ title, children }) {
  return (
    <Crash>
      <Suspense
        fallback={
          <Page title={title}>
            <CardGridSkeleton />
          </Page>
        }
      >
        {children}
      </Suspense>
    </Crash>
  );
}
