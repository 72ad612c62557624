import { Loader } from "@mantine/core";
import { Suspense } from "react";
import { Redirect, Route, Router, Switch } from "wouter";
import { basePath } from "./api/address.js";
import { useSession } from "./api/session.js";
import { CardGridSkeleton } from "./components/CardGrid.jsx";
import { Crash } from "./components/Crash.jsx";
import { ErrorState } from "./components/ErrorState.jsx";
import { Page } from "./components/Page.jsx";
import { NotFoundPage } from "./pages/NotFoundPage.jsx";
import { SignInPage } from "./pages/signin/SignInPage.jsx";
import { WelcomePage } from "./pages/signin/WelcomePage.jsx";
import { sections } from "./sections.js";
import { Shell } from "./shell/Shell.jsx";
import { words } from "./words.js";

/** The way from an address to a page; who isn't signed in sees how to. */
export function AppRouter() {
  return (
    <Router base={basePath()}>
      <Switch>
        <Route path="/welcome" component={WelcomePage} />
        <Route component={SignedIn} />
      </Switch>
    </Router>
  );
}

function SignedIn() {
  const session = useSession();
  if (session.isPending) return <Loader aria-label={words.common.loading} m="xl" />;
  if (session.data === undefined) {
    return <ErrorState error={session.error} onRetry={() => session.refetch()} />;
  }
  if (session.data === null) return <SignInPage />;
  return (
    <Shell>
      <Switch>
        <Route path="/">
          <Redirect to={sections[0].path} replace />
        </Route>
        {sections.map(({ path, title, page: Content }) => (
          <Route key={path} path={path}>
            <Crash>
              <Suspense
                fallback={
                  <Page title={title}>
                    <CardGridSkeleton />
                  </Page>
                }
              >
                <Content />
              </Suspense>
            </Crash>
          </Route>
        ))}
        <Route component={NotFoundPage} />
      </Switch>
    </Shell>
  );
}
