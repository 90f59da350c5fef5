export default function (eleventyConfig) {
  eleventyConfig.addPassthroughCopy({ "./public/": "/" });
  eleventyConfig.addPassthroughCopy("content/img");
  return { dir: { input: "content", includes: "../_includes" } };
}
