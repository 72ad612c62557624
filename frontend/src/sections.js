import { IconBinaryTree2, IconFileCode2, IconTimeline } from "@tabler/icons-react";
import { lazy } from "react";
import { words } from "./words.js";

/**
 * @typedef {object} Section
 * @property {string} path
 * @property {string} title
 * @property {React.ComponentType<any>} icon
 * @property {React.LazyExoticComponent<React.ComponentType>} page
 */

/**
 * The one list from which navigator and routes are made. The first is where one lands.
 *
 * @type {Section[]}
 */
export const sections = [
  {
    path: "/pipelines",
    title: words.pipelines.title,
    icon: IconTimeline,
    page: lazy(() => import("./pages/pipelines/PipelinesPage.jsx")),
  },
  {
    path: "/models",
    title: words.models.title,
    icon: IconBinaryTree2,
    page: lazy(() => import("./pages/models/ModelsPage.jsx")),
  },
  {
    path: "/resources",
    title: words.resources.title,
    icon: IconFileCode2,
    page: lazy(() => import("./pages/resources/ResourcesPage.jsx")),
  },
];
