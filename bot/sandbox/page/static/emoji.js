// The shortcodes that service desks use; an unknown one stays as typed.

const TABLE = `
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 white_check_mark ✅ heavy_check_mark ✔️ heavy_multiplication_x ✖️ heavy_minus_sign ➖ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎
eyes 👀 pushpin 📌 round_pushpin 📍 tada 🎉 rocket 🚀 fire 🔥 warning ⚠️ rotating_light 🚨 no_entry ⛔ no_entry_sign 🚫 stop_sign 🛑
bell 🔔 no_bell 🔕 mute 🔇 bellhop_bell 🛎️ alarm_clock ⏰ hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ alarm_clock ⏲️ watch ⌚ calendar 📆 date 📅 spiral_calendar_pad 🗓️
red_circle 🔴 large_orange_circle 🟠 orange_circle 🟠 large_yellow_circle 🟡 yellow_circle 🟡 large_green_circle 🟢 green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣 white_circle ⚪ black_circle ⚫
large_red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦 white_large_square ⬜ black_large_square ⬛ black_small_square ▪️
wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ gear ⚙️ toolbox 🧰 lock 🔒 unlock 🔓 key 🔑 shield 🛡️ computer 💻 desktop_computer 🖥️ printer 🖨️ satellite_antenna 📡 electric_plug 🔌 battery 🔋 bug 🐛
memo 📝 pencil 📝 pencil2 ✏️ clipboard 📋 page_facing_up 📄 file_folder 📁 open_file_folder 📂 frame_with_picture 🖼️ bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 ticket 🎫 label 🏷️ link 🔗 paperclip 📎 mag 🔍 mag_right 🔎 book 📖 books 📚 scroll 📜 package 📦
speech_balloon 💬 thought_balloon 💭 mega 📣 loudspeaker 📢 email 📧 envelope ✉️ incoming_envelope 📨 telephone_receiver 📞 phone ☎️ bulb 💡 question ❓ grey_question ❔ exclamation ❗ information_source ℹ️ bangbang ‼️
arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_upper_right ↗️ arrows_counterclockwise 🔄 repeat 🔁 leftwards_arrow_with_hook ↩️ fast_forward ⏩ double_vertical_bar ⏸️ pause_button ⏸️ arrow_forward ▶️ black_square_for_stop ⏹️ new 🆕 ok 🆗 sos 🆘 zzz 💤 recycle ♻️
star ⭐ sparkles ✨ zap ⚡ boom 💥 dart 🎯 trophy 🏆 medal 🏅 checkered_flag 🏁 triangular_flag_on_post 🚩 house 🏠 office 🏢 busts_in_silhouette 👥 bust_in_silhouette 👤 wave 👋 clap 👏 pray 🙏 raised_hands 🙌 raising_hand 🙋 handshake 🤝 hand ✋ ok_hand 👌 point_right 👉 point_up 👆 muscle 💪
smile 😄 slightly_smiling_face 🙂 grinning 😀 wink 😉 joy 😂 thinking_face 🤔 disappointed 😞 sob 😭 scream 😱 sweat_smile 😅 neutral_face 😐 robot_face 🤖 heart ❤️ broken_heart 💔 coffee ☕ sunny ☀️ crescent_moon 🌙 cloud ☁️ snowflake ❄️ umbrella ☔
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ hash #️⃣ 100 💯`;

const words = TABLE.trim().split(/\s+/);
export const EMOJI = new Map(
  Array.from({ length: words.length / 2 }, (_, n) => [words[2 * n], words[2 * n + 1]]),
);

export const SHORTCODE = /:([a-z0-9_+-]+):/g;

export const glyph = (name) => EMOJI.get(name.replace(/::skin-tone-\d$/, "")) || `:${name}:`;

export const withGlyphs = (text) => text.replace(SHORTCODE, (typed, name) => EMOJI.get(name) ?? typed);
