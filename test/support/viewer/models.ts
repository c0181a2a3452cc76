/** A standing figure of ours: 21 hinges on a free body, each with a motor; contacts with the ground. */
export const humanoid = `<mujoco model="figure">
	<option timestep="0.004"/>
	<visual><headlight ambient="0.3 0.3 0.3" diffuse="0.5 0.5 0.5"/></visual>
	<asset>
		<texture name="sky" type="skybox" builtin="gradient" rgb1="0.45 0.6 0.8" rgb2="0.1 0.15 0.25" width="64" height="384"/>
		<texture name="tiles" type="2d" builtin="checker" rgb1="0.25 0.3 0.35" rgb2="0.18 0.22 0.26" width="64" height="64"/>
		<material name="ground" texture="tiles" texrepeat="1 1" texuniform="true"/>
		<material name="skin" rgba="0.85 0.6 0.4 1"/>
	</asset>
	<default>
		<joint damping="1.5" armature="0.02" limited="true" range="-60 60"/>
		<geom material="skin" density="900" condim="3"/>
		<motor ctrlrange="-1 1" gear="30"/>
	</default>
	<worldbody>
		<light name="sun" directional="true" pos="0 0 5" dir="-0.3 0.4 -1" diffuse="0.6 0.6 0.6"/>
		<camera name="side" pos="0 -3.2 1.1" xyaxes="1 0 0 0 0 1"/>
		<geom name="floor" type="plane" size="6 6 0.1" material="ground"/>
		<body name="torso" pos="0 0 1.3">
			<freejoint name="root"/>
			<geom name="chest" type="capsule" fromto="0 -0.1 0 0 0.1 0" size="0.09"/>
			<body name="head" pos="0 0 0.2"><joint name="neck" axis="0 1 0"/><geom type="sphere" size="0.09"/></body>
			<body name="waist" pos="0 0 -0.2">
				<joint name="waist_z" axis="0 0 1"/><joint name="waist_y" axis="0 1 0"/><joint name="waist_x" axis="1 0 0"/>
				<geom type="capsule" fromto="0 -0.07 0 0 0.07 0" size="0.08"/>
				${["left", "right"]
					.map(
						(side, at) => `<body name="${side}_thigh" pos="0 ${at === 0 ? 0.1 : -0.1} -0.1">
					<joint name="${side}_hip_x" axis="1 0 0"/><joint name="${side}_hip_y" axis="0 1 0"/>
					<geom type="capsule" fromto="0 0 0 0 0 -0.34" size="0.055"/>
					<body name="${side}_shin" pos="0 0 -0.4"><joint name="${side}_knee" axis="0 1 0" range="-2 140"/>
						<geom type="capsule" fromto="0 0 0 0 0 -0.3" size="0.045"/>
						<body name="${side}_foot" pos="0 0 -0.38"><joint name="${side}_ankle" axis="0 1 0"/>
							<geom type="box" pos="0.05 0 -0.02" size="0.11 0.045 0.03"/>
							<site name="${side}_sole" pos="0.05 0 -0.05" size="0.02"/>
						</body></body></body>`,
					)
					.join("\n")}
			</body>
			${["left", "right"]
				.map(
					(side, at) => `<body name="${side}_upper_arm" pos="0 ${at === 0 ? 0.2 : -0.2} 0.05">
				<joint name="${side}_shoulder_x" axis="1 0 0"/><joint name="${side}_shoulder_y" axis="0 1 0"/><joint name="${side}_shoulder_z" axis="0 0 1"/>
				<geom type="capsule" fromto="0 0 0 0 0 -0.24" size="0.04"/>
				<body name="${side}_lower_arm" pos="0 0 -0.28"><joint name="${side}_elbow" axis="0 1 0" range="-120 2"/>
					<geom type="capsule" fromto="0 0 0 0 0 -0.22" size="0.033"/></body></body>`,
				)
				.join("\n")}
		</body>
	</worldbody>
	<actuator>${[
		"neck",
		"waist_z",
		"waist_y",
		"waist_x",
		...["left", "right"].flatMap((side) =>
			["hip_x", "hip_y", "knee", "ankle", "shoulder_x", "shoulder_y", "shoulder_z", "elbow"].map(
				(name) => `${side}_${name}`,
			),
		),
	]
		.map((name) => `<motor name="${name}" joint="${name}"/>`)
		.join("")}</actuator>
	<sensor><framepos name="height" objtype="body" objname="torso"/><touch name="left_touch" site="left_sole"/></sensor>
	<keyframe><key name="jump" qpos="0 0 1.8 1 0 0 0 ${"0 ".repeat(20).trim()}"/></keyframe>
</mujoco>`;

/** One of each type of geom, in a row of its own colours, seen from above: 8 across x from -7 to 7. */
export const allGeoms = `<mujoco model="shapes">
	<option gravity="0 0 0"/>
	<compiler meshdir="parts"/>
	<visual><headlight ambient="0.6 0.6 0.6" diffuse="0.4 0.4 0.4" specular="0 0 0"/></visual>
	<extension><plugin plugin="mujoco.sdf.torus"/></extension>
	<asset>
		<mesh name="wedge" file="wedge.obj"/>
		<hfield name="hill" nrow="5" ncol="5" size="0.8 0.8 0.6 0.1" elevation="0 0 0 0 0  0 1 1 1 0  0 1 2 1 0  0 1 1 1 0  0 0 0 0 0"/>
	</asset>
	<worldbody>
		<camera name="above" pos="0 0 14" fovy="60" xyaxes="1 0 0 0 1 0"/>
		<geom name="plane" type="plane" pos="-7 0 0" size="0.7 0.7 0.1" rgba="1 0 0 1"/>
		<geom name="hfield" type="hfield" hfield="hill" pos="-5 0 0" rgba="0 1 0 1"/>
		<geom name="sphere" type="sphere" pos="-3 0 0" size="0.7" rgba="0 0 1 1"/>
		<geom name="capsule" type="capsule" pos="-1 0 0" size="0.4 0.5" rgba="1 1 0 1"/>
		<geom name="ellipsoid" type="ellipsoid" pos="1 0 0" size="0.4 0.8 0.4" rgba="1 0 1 1"/>
		<geom name="cylinder" type="cylinder" pos="3 0 0" size="0.6 0.3" rgba="0 1 1 1"/>
		<geom name="box" type="box" pos="5 0 0" size="0.6 0.6 0.3" rgba="1 0.4 0 1"/>
		<geom name="mesh" type="mesh" mesh="wedge" pos="7 0 0" rgba="0.4 1 0.4 1"/>
	</worldbody>
</mujoco>`.replace(/\t<extension>.*\n/, "");

/** A block whose middle is at its own origin. */
export const wedge = `v -0.6 -0.6 -0.3
v 0.6 -0.6 -0.3
v 0.6 0.6 -0.3
v -0.6 0.6 -0.3
v -0.6 -0.6 0.3
v 0.6 -0.6 0.3
v 0.6 0.6 0.3
v -0.6 0.6 0.3
f 1 3 2
f 1 4 3
f 5 6 7
f 5 7 8
f 1 2 6
f 1 6 5
f 2 3 7
f 2 7 6
f 3 4 8
f 3 8 7
f 4 1 5
f 4 5 8
`;

/** A pole on a cart, with a motor, a spatial tendon and a keyframe. */
export const cartpole = `<mujoco model="cartpole">
	<option timestep="0.01"/>
	<worldbody>
		<light pos="0 -2 4" dir="0 0.4 -1"/>
		<geom name="rail" type="capsule" fromto="-2 0 0 2 0 0" size="0.02" rgba="0.4 0.4 0.4 1" contype="0" conaffinity="0"/>
		<site name="post" pos="0 0 1.4" size="0.03"/>
		<body name="cart" pos="0 0 0">
			<joint name="slide" type="slide" axis="1 0 0" range="-2 2" limited="true"/>
			<geom type="box" size="0.2 0.1 0.08" mass="1" rgba="0.2 0.5 0.9 1"/>
			<body name="pole" pos="0 0 0.05">
				<joint name="hinge" axis="0 1 0"/>
				<geom type="capsule" fromto="0 0 0 0 0 1" size="0.03" mass="0.1" rgba="0.9 0.5 0.2 1"/>
				<site name="tip" pos="0 0 1" size="0.03"/>
			</body>
		</body>
	</worldbody>
	<tendon><spatial name="string" width="0.01" rgba="0.9 0.2 0.2 1"><site site="post"/><site site="tip"/></spatial></tendon>
	<actuator><motor name="push" joint="slide" ctrlrange="-1 1" gear="10"/></actuator>
	<sensor><jointpos name="angle" joint="hinge"/></sensor>
	<keyframe><key name="tilted" qpos="0.5 0.3"/></keyframe>
</mujoco>`;

/** What a picture can have beside plain colours: a cube's six sides, a glow, glass, a shadow; and a mirror, which is not drawn. */
export const toys = `<mujoco model="cube">
	<visual><headlight ambient="0.35 0.35 0.35" diffuse="0.4 0.4 0.4"/></visual>
	<asset>
		<texture name="sky" type="skybox" builtin="gradient" rgb1="0.3 0.5 0.8" rgb2="0.05 0.08 0.2" width="64" height="384"/>
		<texture name="sides" type="cube" builtin="flat" mark="cross" rgb1="0.9 0.3 0.2" rgb2="0.2 0.3 0.9" markrgb="1 1 1" width="64" height="64"/>
		<texture name="floor" type="2d" builtin="checker" rgb1="0.3 0.3 0.3" rgb2="0.6 0.6 0.6" width="64" height="64"/>
		<material name="sides" texture="sides"/>
		<material name="floor" texture="floor" texrepeat="4 4" reflectance="0.4"/>
		<material name="glow" emission="0.8" rgba="0.2 0.9 0.3 1"/>
		<material name="glass" rgba="0.3 0.7 1 0.4" specular="1" shininess="0.9"/>
	</asset>
	<worldbody>
		<light directional="true" dir="0.4 0.3 -1" castshadow="true" diffuse="0.5 0.5 0.5"/>
		<geom type="plane" size="3 3 0.1" material="floor"/>
		<body pos="0 0 0.5"><joint type="free"/><geom type="box" size="0.5 0.5 0.5" material="sides"/></body>
		<body pos="1.3 0 0.4"><geom type="sphere" size="0.4" material="glow"/></body>
		<body pos="-1.3 0 0.5"><geom type="cylinder" size="0.35 0.5" material="glass"/></body>
	</worldbody>
</mujoco>`;

/** A cloth that falls over a ball. */
export const cloth = `<mujoco model="cloth"><option timestep="0.002"/>
<visual><headlight ambient="0.4 0.4 0.4" diffuse="0.5 0.5 0.5"/></visual>
<asset><material name="mirror" rgba="0.3 0.3 0.35 1"/></asset>
<worldbody>
<light directional="true" dir="0.2 0.2 -1"/>
<geom type="plane" size="2 2 0.1" material="mirror"/>
<geom type="sphere" pos="0 0 0.4" size="0.3" rgba="0.8 0.8 0.2 1"/>
<flexcomp name="cloth" type="grid" count="9 9 1" spacing="0.12 0.12 0.12" pos="0 0 0.85" dim="2" radius="0.01" mass="1" rgba="0.9 0.2 0.3 1"><edge equality="true" damping="0.02"/><contact selfcollide="none"/></flexcomp>
</worldbody></mujoco>`;
