export default {
  title: "Breakwater",
  url: "https://breakwater.example/",
  language: "en",
  description: "Stones and waves.",
  author: { name: "Wilma Hansen" },
};
