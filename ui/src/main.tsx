import "@mantine/core/styles.css";
import "@/app/theme.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { exported } from "@/api/exported";
import { queryClient } from "@/api/queries";
import { lookAhead } from "@/app/ahead";
import { makeRouter } from "@/app/router";
import { cssVariables, styleNonce, theme } from "@/app/theme";

if (!exported()) lookAhead(window.location, document.baseURI);

// Dialogs lock the page's scrolling by a style of their own, which asks for the nonce here.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() });

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        cssVariablesResolver={cssVariables}
        getStyleNonce={styleNonce}
      >
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={makeRouter()} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
