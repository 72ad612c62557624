import {
  IconBinaryTree2,
  IconChartLine,
  IconFileCode2,
  IconHome,
  IconStack2,
  IconTimeline,
} from "@tabler/icons-react";
import { lazy } from "react";
import { words } from "./words.js";

/**
 * @typedef {object} Section
 * @property {string} path
 * @property {string} title
 * @property {React.ComponentType<any>} icon
 * @property {React.LazyExoticComponent<React.ComponentType>} [page] a group has none of its own
 * @property {React.LazyExoticComponent<React.ComponentType<{name: string}>>} [item] shows one thing, at `path/:name`
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
    page: lazy(() => import("./pages/home/HomePage.jsx")),
  },
  {
    path: "/pipelines",
    title: words.pipelines.title,
    icon: IconTimeline,
    page: lazy(() => import("./pages/pipelines/PipelinesPage.jsx")),
    item: lazy(() => import("./pages/pipelines/PipelinePage.jsx")),
  },
  {
    path: "/models",
    title: words.models.title,
    icon: IconBinaryTree2,
    page: lazy(() => import("./pages/models/ModelsPage.jsx")),
    item: lazy(() => import("./pages/models/ModelPage.jsx")),
  },
  {
    path: "/resources",
    title: words.resources.title,
    icon: IconFileCode2,
    page: lazy(() => import("./pages/resources/ResourcesPage.jsx")),
    item: lazy(() => import("./pages/resources/ResourcePage.jsx")),
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
        page: lazy(() => import("./pages/predictions/BatchPage.jsx")),
      },
    ],
  },
];
