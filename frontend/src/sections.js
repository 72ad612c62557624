import {
  IconBinaryTree2,
  IconChartLine,
  IconFileCode2,
  IconHome,
  IconSettings,
  IconStack2,
  IconTimeline,
} from "@tabler/icons-react";
import { lazy } from "react";
import { words } from "./words.js";

/**
 * A page whose code comes when it is shown, or before, by `load`.
 *
 * @template {React.ComponentType<any>} P
 * @typedef {React.LazyExoticComponent<P> & {load: () => Promise<{default: P}>}} Later
 */

/**
 * @typedef {object} Section
 * @property {string} path
 * @property {string} title
 * @property {React.ComponentType<any>} icon
 * @property {Later<React.ComponentType>} [page] a group has none of its own
 * @property {Later<React.ComponentType<{name: string}>>} [item] shows one thing, at `path/:name`
 * @property {boolean} [hasParts] its page has parts with addresses of their own, at `path/:part`
 * @property {Section[]} [children] stand below it in the navigator, where it folds
 */

/**
 * The one list from which navigator and routes are made. The first is where one lands.
 *
 * @type {Section[]}
 */
export const sections = [
  {
    path: "/",
    title: words.home.title,
    icon: IconHome,
    page: later(() => import("./pages/home/HomePage.jsx")),
  },
  {
    path: "/pipelines",
    title: words.pipelines.title,
    icon: IconTimeline,
    page: later(() => import("./pages/pipelines/PipelinesPage.jsx")),
    item: later(() => import("./pages/pipelines/PipelinePage.jsx")),
  },
  {
    path: "/models",
    title: words.models.title,
    icon: IconBinaryTree2,
    page: later(() => import("./pages/models/ModelsPage.jsx")),
    item: later(() => import("./pages/models/ModelPage.jsx")),
  },
  {
    path: "/resources",
    title: words.resources.title,
    icon: IconFileCode2,
    page: later(() => import("./pages/resources/ResourcesPage.jsx")),
    item: later(() => import("./pages/resources/ResourcePage.jsx")),
  },
  {
    path: "/predictions",
    title: words.predictions.title,
    icon: IconChartLine,
    children: [
      {
        path: "/predictions/batch",
        title: words.predictions.batch,
        icon: IconStack2,
        page: later(() => import("./pages/predictions/BatchPage.jsx")),
      },
    ],
  },
  {
    path: "/settings",
    title: words.settings.title,
    icon: IconSettings,
    page: later(() => import("./pages/settings/SettingsPage.jsx")),
    hasParts: true,
  },
];

/**
 * Load the code of the page at a path, while one waits for the server anyway.
 *
 * @param {string} path
 * @param {readonly Section[]} [among]
 */
export function loadAhead(path, among = sections) {
  for (const section of among) {
    const isBelow = section.path !== "/" && path.startsWith(`${section.path}/`);
    if (section.path === path || (isBelow && section.hasParts)) section.page?.load();
    else if (isBelow) section.item?.load();
    loadAhead(path, section.children ?? []);
  }
}

/**
 * @template {React.ComponentType<any>} P
 * @param {() => Promise<{default: P}>} load
 * @returns {Later<P>}
 */
function later(load) {
  return Object.assign(lazy(load), { load });
}
