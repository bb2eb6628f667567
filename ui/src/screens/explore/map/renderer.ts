/** Draws points with WebGL 2. Written here, since the libraries for it compile code from text. */
import type { Points } from "@/screens/explore/map/points";
import type { Bounds, Viewport } from "@/screens/explore/map/viewport";

const VERTEX = `#version 300 es
in vec2 place;
in vec4 color;
uniform vec2 low, span, middle, half_size;
uniform float scale, size;
out vec4 shade;
void main() {
  vec2 at = low + place * span;
  gl_Position = vec4((at - middle) * scale / half_size, 0.0, 1.0);
  gl_PointSize = size * (color.a > 0.3 ? 1.0 : 0.8);
  shade = color;
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 shade;
out vec4 color;
void main() {
  float far = length(gl_PointCoord - 0.5) * 2.0;
  float alpha = shade.a * (1.0 - smoothstep(0.75, 1.0, far));
  if (alpha < 0.01) discard;
  color = vec4(shade.rgb * alpha, alpha);
}`;

export interface Renderer {
  /** Colours of all points, four bytes each. */
  paint: (colors: Uint8Array) => void;
  draw: (view: Viewport) => void;
  dispose: () => void;
}

/** Null where the browser has no WebGL 2. */
export function rendererOf(
  canvas: HTMLCanvasElement,
  points: Points,
  bounds: Bounds,
): Renderer | null {
  const gl = canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true });
  const program = gl && programOf(gl);
  if (!gl || !program) return null;
  const uniform = (name: string) => gl.getUniformLocation(program, name);
  const uniforms = {
    low: uniform("low"),
    span: uniform("span"),
    middle: uniform("middle"),
    half: uniform("half_size"),
    scale: uniform("scale"),
    size: uniform("size"),
  };
  const places = new Uint16Array(2 * points.n);
  for (let point = 0; point < points.n; point++) {
    places[2 * point] = points.x[point] ?? 0;
    places[2 * point + 1] = points.y[point] ?? 0;
  }
  const placeBuffer = bufferOf(gl, program, "place", 2, gl.UNSIGNED_SHORT);
  gl.bufferData(gl.ARRAY_BUFFER, places, gl.STATIC_DRAW);
  const colorBuffer = bufferOf(gl, program, "color", 4, gl.UNSIGNED_BYTE);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);

  return {
    paint(colors) {
      gl.bindBuffer(gl.ARRAY_BUFFER, colorBuffer);
      gl.bufferData(gl.ARRAY_BUFFER, colors, gl.DYNAMIC_DRAW);
    },
    draw(view) {
      const ratio = window.devicePixelRatio || 1;
      const [width, height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)];
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      gl.viewport(0, 0, width, height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      // biome-ignore lint/correctness/useHookAtTopLevel: of WebGL, not of React
      gl.useProgram(program);
      gl.uniform2f(uniforms.low, bounds.left, bounds.bottom);
      gl.uniform2f(uniforms.span, bounds.right - bounds.left, bounds.top - bounds.bottom);
      gl.uniform2f(uniforms.middle, view.x, view.y);
      gl.uniform2f(uniforms.half, view.width / 2, view.height / 2);
      gl.uniform1f(uniforms.scale, view.scale);
      gl.uniform1f(uniforms.size, ratio * sizeOf(points.n, view, bounds));
      gl.drawArrays(gl.POINTS, 0, points.n);
    },
    dispose() {
      gl.deleteBuffer(placeBuffer);
      gl.deleteBuffer(colorBuffer);
      gl.deleteProgram(program);
    },
  };
}

/** Pixels across a point: small where there are many, larger as one comes nearer. */
function sizeOf(n: number, view: Viewport, bounds: Bounds): number {
  const across = (bounds.right - bounds.left) * view.scale;
  const near = Math.sqrt(Math.max(1, across / view.width));
  return Math.min(12, (1.6 + 40 / Math.sqrt(Math.max(n, 60))) * near);
}

function bufferOf(
  gl: WebGL2RenderingContext,
  program: WebGLProgram,
  name: string,
  size: number,
  type: number,
): WebGLBuffer | null {
  const buffer = gl.createBuffer();
  const attribute = gl.getAttribLocation(program, name);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.enableVertexAttribArray(attribute);
  gl.vertexAttribPointer(attribute, size, type, true, 0, 0);
  return buffer;
}

function programOf(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}
